/** Brightness and sharpness of a face, as `core/vision/faces/quality.py` measures them.
 * The limits are that file's too, and applied in `shown.js`. */

/**
 * Mean luma, in [0, 1].
 *
 * @param {Float32Array} face
 */
export function brightness(face) {
  return mean(face);
}

/**
 * Variance of the Laplacian over the variance of the picture; higher is sharper.
 *
 * @param {Float32Array} face luma in [0, 1], row after row of a square
 */
export function sharpness(face) {
  const side = Math.sqrt(face.length);
  const laplacian = new Float32Array(face.length);
  // Beyond the edge the picture is mirrored, its outermost pixels not repeated.
  const inside = (/** @type {number} */ place) => (place < 0 ? 1 : place >= side ? side - 2 : place);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      laplacian[y * side + x] =
        face[inside(y - 1) * side + x] +
        face[inside(y + 1) * side + x] +
        face[y * side + inside(x - 1)] +
        face[y * side + inside(x + 1)] -
        4 * face[y * side + x];
    }
  }
  return variance(laplacian) / Math.max(variance(face), 1e-4);
}

/** @param {Float32Array} values */
function mean(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** @param {Float32Array} values */
function variance(values) {
  const middle = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - middle) ** 2;
  return sum / values.length;
}
