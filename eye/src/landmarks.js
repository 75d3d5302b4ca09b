/** What follows from the landmarks of one face, as in `core/vision/faces/landmarker.py`. */

/** @typedef {import("./crop.js").EyesAndMouth} EyesAndMouth */
/** @typedef {import("./crop.js").Point} Point */
/** @typedef {{x: number, y: number}} Landmark as fractions of the frame */

const [UPPER_LIP, LOWER_LIP, FOREHEAD, CHIN] = [13, 14, 10, 152];
const LEFT_EYE = [33, 133, 159, 145];
const RIGHT_EYE = [362, 263, 386, 374];
const MOUTH = [61, 291, 13, 14];

const { fround } = Math;

/**
 * Landmarks in pixels of the frame.
 *
 * @param {readonly Landmark[]} landmarks
 * @param {number} width
 * @param {number} height
 * @returns {Point[]}
 */
export function pointsOf(landmarks, width, height) {
  return landmarks.map(({ x, y }) => [fround(fround(x) * width), fround(fround(y) * height)]);
}

/**
 * Left, top, right and bottom, tight around all points.
 *
 * @param {readonly Point[]} points
 * @returns {[number, number, number, number]}
 */
export function boxOf(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  }
  return [left, top, right, bottom];
}

/**
 * @param {readonly Point[]} points
 * @returns {EyesAndMouth}
 */
export function eyesAndMouthOf(points) {
  return [centreOf(points, LEFT_EYE), centreOf(points, RIGHT_EYE), centreOf(points, MOUTH)];
}

/**
 * Between the inner lips, as a fraction of the height from forehead to chin.
 *
 * @param {readonly Point[]} points
 */
export function lipGapOf(points) {
  const height = distance(points[CHIN], points[FOREHEAD]);
  return height > 0 ? distance(points[LOWER_LIP], points[UPPER_LIP]) / height : 0;
}

/**
 * Yaw, pitch and roll in degrees: `pose_from_matrix`.
 *
 * @param {readonly number[]} matrix the face's transform, four columns after each other
 * @returns {[number, number, number]}
 */
export function poseOf(matrix) {
  const length = (/** @type {number} */ column) =>
    Math.hypot(matrix[column * 4], matrix[column * 4 + 1], matrix[column * 4 + 2]);
  const [first, third] = [length(0), length(2)];
  const forward = [8, 9, 10].map((place) => matrix[place] / third);
  const degrees = 180 / Math.PI;
  return [
    Math.atan2(forward[0], forward[2]) * degrees,
    Math.asin(Math.min(Math.max(forward[1], -1), 1)) * degrees,
    -Math.atan2(matrix[1] / first, matrix[0] / first) * degrees,
  ];
}

/**
 * @param {readonly Point[]} points
 * @param {readonly number[]} which
 * @returns {Point}
 */
function centreOf(points, which) {
  let [x, y] = [0, 0];
  for (const one of which) [x, y] = [fround(x + points[one][0]), fround(y + points[one][1])];
  return [fround(x / which.length), fround(y / which.length)];
}

/**
 * @param {Point} one
 * @param {Point} other
 */
function distance(one, other) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}
