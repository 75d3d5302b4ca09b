/** Boxes of faces, and which of two frames are of one face. */

/** @typedef {[number, number, number, number]} Box left, top, right, bottom, in pixels */

const SAME_FACE_OVERLAP = 0.3;

/**
 * The place among `before` of the same face, for each box; -1 for a new one. The largest overlaps
 * come first, and each is taken once.
 *
 * @param {readonly Box[]} boxes
 * @param {readonly Box[]} before
 * @returns {number[]}
 */
export function sameFaces(boxes, before) {
  const pairs = boxes.flatMap((box, place) =>
    before.map((other, earlier) => ({ place, earlier, overlap: overlapOf(box, other) })),
  );
  const found = boxes.map(() => -1);
  for (const { place, earlier } of pairs
    .filter(({ overlap }) => overlap >= SAME_FACE_OVERLAP)
    .sort((one, other) => other.overlap - one.overlap)) {
    if (found[place] < 0 && !found.includes(earlier)) found[place] = earlier;
  }
  return found;
}

/**
 * Intersection over union.
 *
 * @param {Box} one
 * @param {Box} other
 */
export function overlapOf(one, other) {
  const wide = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const high = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  if (wide <= 0 || high <= 0) return 0;
  return (wide * high) / (areaOf(one) + areaOf(other) - wide * high);
}

/** @param {Box} box */
function areaOf([left, top, right, bottom]) {
  return (right - left) * (bottom - top);
}
