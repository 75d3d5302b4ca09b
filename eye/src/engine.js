/** From frames to rows that are sent; the same in a worker and on the page. */

import { Alarm } from "./alarm.js";
import { openExpressionModel } from "./expression.js";
import { measureFace, rounded, withoutExpression } from "./face.js";
import { FrameClock } from "./frame_clock.js";
import { GapWatch } from "./gaps.js";
import { Landmarker } from "./landmarker.js";
import { LoadingError } from "./loading_error.js";
import { Pace } from "./pace.js";
import { pictureOf } from "./picture.js";
import { postAtTheEnd, poster } from "./post.js";
import { RowQueue } from "./row_queue.js";
import { Sender } from "./sender.js";

/**
 * @typedef {object} Files addresses of what the engine loads
 * @property {string} visionLoader
 * @property {string} visionBinary
 * @property {string} landmarker
 * @property {string} litertLoader
 * @property {string} litertBinary
 * @property {string} litertCompatLoader
 * @property {string} litertCompatBinary
 */

/**
 * @typedef {object} EngineOptions
 * @property {Files} files
 * @property {{url: string, sizePx: number, interpolation: "bilinear" | "cubic"} | null} model null:
 *     expressions are not read
 * @property {string} rowsUrl
 * @property {string} token
 * @property {number} readsPerS
 * @property {boolean} sendsExpression whether blendshapes, lip gap and the model's outputs are sent
 */

/** @typedef {{width: number, height: number, timeS: number, faces: import("./face.js").Face[]}} Read */

/**
 * @typedef {object} Listener
 * @property {(read: Read) => void} onRead
 * @property {(sending: import("./sender.js").Sending) => void} onSending
 */

export class Engine {
  #clock = new FrameClock();
  #queue = new RowQueue();
  #gaps = new GapWatch();
  #frames = 0;
  #over = false;
  #canvas = new OffscreenCanvas(1, 1);

  /**
   * @param {Landmarker} landmarker
   * @param {import("./face.js").ExpressionModel | null} model
   * @param {EngineOptions} options
   * @param {Listener} listener
   */
  constructor(landmarker, model, options, listener) {
    this.landmarker = landmarker;
    this.model = model;
    this.options = options;
    this.listener = listener;
    this.pace = new Pace(options.readsPerS);
    this.sender = new Sender(this.#queue, options.token, () => this.#gaps.state, {
      post: poster(options.rowsUrl),
      alarm: new Alarm(),
      localS: () => this.#clock.localS(nowS()),
      unixS: () => Date.now() / 1000,
      random: Math.random,
      tell: listener.onSending,
    });
  }

  /**
   * Load everything; rows are sent from then on.
   *
   * @param {EngineOptions} options
   * @param {Listener} listener
   * @returns {Promise<Engine>}
   */
  static async open(options, listener) {
    const { files } = options;
    const { visionLoader: loader, visionBinary: binary, landmarker: file } = files;
    const landmarks = { loader, binary, model: file, blendshapes: options.sendsExpression };
    // One after the other: on the page both loaders use the same global names.
    const landmarker = await loaded("landmarker", Landmarker.open(landmarks));
    const model = options.model && (await loaded("model", openModel(files, options.model)));
    const engine = new Engine(landmarker, model, options, listener);
    engine.sender.run();
    return engine;
  }

  /**
   * Read a frame, unless the one before was read a moment ago.
   *
   * @param {CanvasImageSource} frame
   * @param {{width: number, height: number, sentS: number}} about its size, and the camera's time
   */
  async see(frame, { width, height, sentS }) {
    if (this.#over || width === 0 || height === 0) return;
    const beganS = nowS();
    const timeS = rounded(this.#clock.arrived(sentS, beganS), 4);
    const frameIndex = this.#frames++;
    if (!this.pace.takes(timeS)) return;
    const image = this.#pixelsOf(frame, width, height);
    const faces = await this.#facesIn(image, timeS);
    if (this.#over) return;
    const gap = this.#gaps.read(timeS);
    if (gap) this.#queue.pushGap(gap);
    this.#queue.push({
      time_s: timeS,
      frame_index: frameIndex,
      width_px: width,
      height_px: height,
      latency_ms: rounded((nowS() - beganS) * 1000, 1),
      faces: this.options.sendsExpression ? faces : faces.map(withoutExpression),
    });
    this.listener.onRead({ width, height, timeS, faces });
  }

  /** @param {boolean} hidden whether frames stop, as the tab is hidden */
  setHidden(hidden) {
    this.#gaps.setHidden(hidden);
  }

  /** @param {boolean} muted whether the camera gives no frames */
  setMuted(muted) {
    this.#gaps.setMuted(muted);
  }

  /**
   * @param {string} token a new one: the one before was refused, or another session begins
   * @param {number | null} storedS see `Sender.renew`
   */
  renew(token, storedS) {
    if (this.sender.renew(token, storedS)) this.sender.run();
  }

  /** @param {boolean} paused whether the session is paused */
  setPaused(paused) {
    this.sender.setPaused(paused);
  }

  /** Read no more; what is left is sent. */
  stop() {
    if (this.#over) return;
    this.#over = true;
    this.sender.stop();
    this.landmarker.close();
  }

  /** Send what can be sent from a page that closes. */
  leave() {
    const message = this.sender.lastWords();
    if (message) postAtTheEnd(this.options.rowsUrl, message);
  }

  /**
   * @param {CanvasImageSource} frame
   * @param {number} width
   * @param {number} height
   */
  #pixelsOf(frame, width, height) {
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas = new OffscreenCanvas(width, height);
    }
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no canvas to read frames from");
    context.drawImage(frame, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  /**
   * @param {ImageData} image
   * @param {number} timeS
   */
  async #facesIn(image, timeS) {
    const picture = pictureOf(image);
    const faces = [];
    for (const found of this.landmarker.read(image, timeS)) {
      faces.push(await measureFace(picture, found, this.model));
    }
    return faces;
  }
}

/**
 * @param {Files} files
 * @param {NonNullable<EngineOptions["model"]>} model
 */
function openModel(files, { url, ...input }) {
  const fast = { loader: files.litertLoader, binary: files.litertBinary };
  const compatible = { loader: files.litertCompatLoader, binary: files.litertCompatBinary };
  return openExpressionModel({ fast, compatible, model: url }, input);
}

/**
 * @template T
 * @param {string} part
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
async function loaded(part, promise) {
  try {
    return await promise;
  } catch (error) {
    throw new LoadingError(part, error);
  }
}

function nowS() {
  return performance.now() / 1000;
}
