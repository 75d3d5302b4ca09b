/** MediaPipe's face landmarker, with the options of `core/vision/faces/landmarker.py`. */

import { FaceLandmarker } from "@mediapipe/tasks-vision";

const MOST_FACES = 2; // NEAR_FACES in core/vision/build.py

export class Landmarker {
  /** @param {FaceLandmarker} native */
  constructor(native) {
    this.native = native;
    this.lastMs = -1;
  }

  /**
   * @param {{loader: string, binary: string, model: string, blendshapes: boolean}} options addresses,
   *     and whether blendshapes are computed: a face has none otherwise
   * @returns {Promise<Landmarker>}
   */
  static async open({ loader, binary, model, blendshapes }) {
    const fileset = { wasmLoaderPath: loader, wasmBinaryPath: binary };
    const native = await FaceLandmarker.createFromOptions(fileset, {
      baseOptions: { modelAssetPath: model, delegate: "CPU" },
      runningMode: "VIDEO",
      numFaces: MOST_FACES,
      outputFaceBlendshapes: blendshapes,
      outputFacialTransformationMatrixes: true,
    });
    return new Landmarker(native);
  }

  /**
   * Every face in a frame.
   *
   * @param {ImageData} image
   * @param {number} timeS of the frame, not before the last one's
   * @returns {import("./face.js").LandmarkedFace[]}
   */
  read(image, timeS) {
    // MediaPipe refuses a repeated time; two frames may share a millisecond.
    this.lastMs = Math.max(this.lastMs + 1, Math.round(timeS * 1000));
    const found = this.native.detectForVideo(image, this.lastMs);
    return found.faceLandmarks.map((landmarks, number) => ({
      landmarks,
      blendshapes: found.faceBlendshapes[number]?.categories.map(({ score }) => score) ?? [],
      matrix: found.facialTransformationMatrixes[number].data,
    }));
  }

  close() {
    this.native.close();
  }
}
