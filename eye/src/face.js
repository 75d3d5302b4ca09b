/** One face in numbers, as it goes on the wire: README.md, "Rows on the wire". */

import { greyCrop, uprightSimilarity } from "./crop.js";
import { boxOf, eyesAndMouthOf, lipGapOf, pointsOf, poseOf } from "./landmarks.js";
import { brightness, sharpness } from "./quality.js";

/** @typedef {import("./picture.js").Picture} Picture */

/**
 * @typedef {object} Face
 * @property {[number, number, number, number]} box left, top, right, bottom, in pixels
 * @property {null} confidence
 * @property {[number, number, number]} pose yaw, pitch and roll in degrees
 * @property {number[]} blendshapes 52 integers, thousandths
 * @property {number} lip_gap
 * @property {number} brightness
 * @property {number} blur
 * @property {number[] | null} outputs
 */

/**
 * @typedef {object} LandmarkedFace one face of the landmarker
 * @property {readonly {x: number, y: number}[]} landmarks
 * @property {readonly number[]} blendshapes
 * @property {readonly number[]} matrix
 */

/**
 * @typedef {object} ExpressionModel
 * @property {number} sizePx side of the pictures it reads
 * @property {"bilinear" | "cubic"} interpolation of pictures that are enlarged
 * @property {(face: Float32Array) => Promise<number[]>} outputs raw, for a grey face in [0, 1]
 */

const QUALITY_PX = 48; // core/domain/observation.py

/**
 * Measure one face.
 *
 * @param {Picture} picture the frame
 * @param {LandmarkedFace} found
 * @param {ExpressionModel | null} model
 * @returns {Promise<Face>}
 */
export async function measureFace(picture, { landmarks, blendshapes, matrix }, model) {
  const points = pointsOf(landmarks, picture.width, picture.height);
  const eyesAndMouth = eyesAndMouthOf(points);
  const face = greyCrop(picture, uprightSimilarity(eyesAndMouth, QUALITY_PX), QUALITY_PX);
  const outputs = model && (await model.outputs(cropFor(model, picture, eyesAndMouth, face)));
  return {
    box: map4(boxOf(points), (side) => rounded(side, 2)),
    confidence: null,
    pose: map3(poseOf(matrix), (angle) => rounded(angle, 3)),
    blendshapes: blendshapes.map((shape) => Math.min(Math.max(Math.round(shape * 1000), 0), 1000)),
    lip_gap: rounded(lipGapOf(points), 5),
    brightness: rounded(brightness(face), 5),
    blur: rounded(sharpness(face), 5),
    outputs: outputs && outputs.map((output) => rounded(output, 5)),
  };
}

/**
 * A face as it leaves where no expression is shared: where it is, how the head is turned, and how well
 * it can be seen.
 *
 * @param {Face} face
 * @returns {Face}
 */
export function withoutExpression(face) {
  return { ...face, blendshapes: [], lip_gap: 0, outputs: null };
}

/**
 * What the model reads; mostly the crop whose quality is measured.
 *
 * @param {ExpressionModel} model
 * @param {Picture} picture
 * @param {import("./crop.js").EyesAndMouth} eyesAndMouth
 * @param {Float32Array} face
 */
function cropFor({ sizePx, interpolation }, picture, eyesAndMouth, face) {
  const similarity = uprightSimilarity(eyesAndMouth, sizePx);
  const isTheSame = sizePx === QUALITY_PX && (interpolation === "bilinear" || similarity.scale <= 1);
  return isTheSame ? face : greyCrop(picture, similarity, sizePx, interpolation);
}

/**
 * @param {number} value
 * @param {number} digits
 */
export function rounded(value, digits) {
  const steps = 10 ** digits;
  return Math.round(value * steps) / steps;
}

/**
 * @param {[number, number, number, number]} values
 * @param {(value: number) => number} change
 * @returns {[number, number, number, number]}
 */
function map4([a, b, c, d], change) {
  return [change(a), change(b), change(c), change(d)];
}

/**
 * @param {[number, number, number]} values
 * @param {(value: number) => number} change
 * @returns {[number, number, number]}
 */
function map3([a, b, c], change) {
  return [change(a), change(b), change(c)];
}
