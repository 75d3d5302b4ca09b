/** Cuts out faces as in FER2013: the same as `core/vision/faces/crop.py`. */

import { averaged, grey, warp } from "./picture.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {readonly [number, number]} Point x and y in pixels of the frame */
/** @typedef {readonly [Point, Point, Point]} EyesAndMouth centres of the picture's left eye, its
 * right eye, and the mouth */

// Positions in FER2013's pictures, as fractions of the side: `crop.py` says where they come from.
const EYES_CENTRE = [0.5, 0.394];
const MOUTH_CENTRE = [0.502, 0.779];
const EYE_DISTANCE = 0.367;

/**
 * @typedef {object} Similarity translation, rotation and one scale, from picture to crop
 * @property {Point} centre a point of the picture
 * @property {Point} target its position in the crop
 * @property {number} scale pixels of the crop for a pixel of the picture
 * @property {number} rotation about the centre, in radians, clockwise
 */

/**
 * FER2013's framing from landmarks.
 *
 * @param {EyesAndMouth} eyesAndMouth
 * @param {number} sizePx side of the crop
 * @returns {Similarity}
 */
export function uprightSimilarity([leftEye, rightEye, mouth], sizePx) {
  const eyes = middle(leftEye, rightEye);
  const across = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]];
  const down = [mouth[0] - eyes[0], mouth[1] - eyes[1]];
  const targetAcross = EYE_DISTANCE * sizePx;
  const targetDown = (MOUTH_CENTRE[1] - EYES_CENTRE[1]) * sizePx;
  const found =
    Math.hypot(
      Math.hypot(across[0], across[1]) / targetAcross,
      Math.hypot(down[0], down[1]) / targetDown,
    ) / Math.SQRT2;
  const target = [0, 1].map((axis) => ((EYES_CENTRE[axis] + MOUTH_CENTRE[axis]) / 2) * sizePx);
  return {
    centre: middle(eyes, mouth),
    target: [target[0], target[1]],
    scale: 1 / Math.max(found, 1e-6),
    rotation: -Math.atan2(across[1], across[0]),
  };
}

/**
 * A grey, upright face, a number in [0, 1] for each pixel.
 *
 * @param {Picture} picture
 * @param {Similarity} similarity
 * @param {number} sizePx side of the crop
 * @param {"bilinear" | "cubic"} interpolation for enlarging; larger faces are sampled bilinearly
 * @returns {Float32Array}
 */
export function greyCrop(picture, similarity, sizePx, interpolation = "bilinear") {
  const [near, centre, scale] = surroundings(picture, similarity, sizePx);
  const cosine = scale * Math.cos(similarity.rotation);
  const sine = scale * Math.sin(similarity.rotation);
  // Pixel centres are at half-integers here, and at integers in the sampling.
  const [x, y] = [centre[0] - 0.5, centre[1] - 0.5];
  const [targetX, targetY] = [similarity.target[0] - 0.5, similarity.target[1] - 0.5];
  return grey(
    warp(
      near,
      [cosine, -sine, targetX - (cosine * x - sine * y), sine, cosine, targetY - (sine * x + cosine * y)],
      sizePx,
      similarity.scale > 1 ? interpolation : "bilinear",
    ),
  );
}

/**
 * The surroundings of the face, averaged in blocks of `1 / scale` pixels, so that no pixel is skipped.
 *
 * @param {Picture} picture
 * @param {Similarity} similarity
 * @param {number} sizePx
 * @returns {[Picture, Point, number]} with the face's centre in it, and the scale that is left
 */
function surroundings(picture, { centre, scale }, sizePx) {
  const block = Math.trunc(1 / scale);
  if (block < 2) return [picture, centre, scale];
  const reach = sizePx / scale;
  const left = Math.max(0, Math.trunc(centre[0] - reach));
  const top = Math.max(0, Math.trunc(centre[1] - reach));
  const wide = Math.floor((Math.min(picture.width, Math.trunc(centre[0] + reach)) - left) / block);
  const high = Math.floor((Math.min(picture.height, Math.trunc(centre[1] + reach)) - top) / block);
  if (Math.min(wide, high) < 1) return [picture, centre, scale];
  const near = averaged(picture, { left, top, wide, high, block });
  return [near, [(centre[0] - left) / block, (centre[1] - top) / block], scale * block];
}

/**
 * @param {Point} one
 * @param {Point} other
 * @returns {Point}
 */
function middle(one, other) {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}
