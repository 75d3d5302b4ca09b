/**
 * What the overlay says about a face: the label that the server derives from the same numbers.
 *
 * Limits, labels and words come from the page; nothing of it is written twice.
 */

/** @typedef {import("./face.js").Face} Face */

/**
 * @typedef {object} Limits of a usable face: `QualityLimits` in core/vision/faces/quality.py
 * @property {number} size_px
 * @property {number} darkest
 * @property {number} brightest
 * @property {number} sharpness
 * @property {number} turn_deg
 * @property {number} inverted_deg
 */

/**
 * @typedef {object} Reading how the model's outputs are read
 * @property {string[]} labels as they are shown
 * @property {number[]} outputs place among the model's outputs of each of its classes
 * @property {number[]} merged_into index of the label for each class; -1 for none
 * @property {number} temperature
 * @property {number} not_sure_below
 * @property {number} half_life_s of smoothing
 * @property {number} forget_after_s
 * @property {Limits} limits
 * @property {Record<string, string>} reasons words of each reason
 * @property {string} not_sure
 */

/** @typedef {{box: Face["box"], text: string, usable: boolean}} ShownFace */

/** @typedef {{box: Face["box"], timeS: number, scores: number[]}} Track */

const SAME_FACE_OVERLAP = 0.3;

export class Labeller {
  /** @type {Track[]} */
  #tracks = [];

  /** @param {Reading} reading */
  constructor(reading) {
    this.reading = reading;
  }

  /**
   * What is shown of each face of a frame.
   *
   * @param {readonly Face[]} faces
   * @param {number} timeS of the frame
   * @returns {ShownFace[]}
   */
  label(faces, timeS) {
    const before = this.#tracks.filter((one) => timeS - one.timeS <= this.reading.forget_after_s);
    /** @type {Track[]} */
    const now = [];
    const shown = faces.map((face) => {
      const reason = reasonOf(face, this.reading.limits);
      if (reason) return { box: face.box, text: this.reading.reasons[reason], usable: false };
      if (!face.outputs) return { box: face.box, text: "", usable: true };
      const track = this.#smoothed(face.box, scoresOf(face.outputs, this.reading), timeS, before);
      now.push(track);
      return { box: face.box, text: this.#text(track.scores), usable: true };
    });
    this.#tracks = [...now, ...before];
    return shown;
  }

  /**
   * @param {Face["box"]} box
   * @param {number[]} scores
   * @param {number} timeS
   * @param {Track[]} before tracks that no face was found for yet; the face's own is taken out
   * @returns {Track}
   */
  #smoothed(box, scores, timeS, before) {
    const at = before.findIndex((one) => overlapOf(one.box, box) >= SAME_FACE_OVERLAP);
    if (at < 0) return { box, timeS, scores };
    const [track] = before.splice(at, 1);
    const weight = 0.5 ** ((timeS - track.timeS) / this.reading.half_life_s);
    const mixed = scores.map((score, place) => weight * track.scores[place] + (1 - weight) * score);
    return { box, timeS, scores: mixed };
  }

  /** @param {number[]} scores */
  #text(scores) {
    const shown = mergedScores(scores, this.reading);
    const top = shown.indexOf(Math.max(...shown));
    if (shown[top] < this.reading.not_sure_below) return this.reading.not_sure;
    return `${this.reading.labels[top]} ${Math.round(shown[top] * 100)} %`;
  }
}

/**
 * Scores of the labels: sums over the classes of each; those of classes without one are left out.
 *
 * @param {readonly number[]} scores
 * @param {Pick<Reading, "labels" | "merged_into">} reading
 */
export function mergedScores(scores, { labels, merged_into }) {
  const sums = labels.map(() => 0);
  merged_into.forEach((label, place) => {
    if (label >= 0) sums[label] += scores[place];
  });
  const all = sums.reduce((one, other) => one + other, 0);
  return sums.map((sum) => (all > 0 ? sum / all : 1 / sums.length));
}

/**
 * Calibrated scores of the model's classes.
 *
 * @param {readonly number[]} logits the model's outputs
 * @param {Pick<Reading, "outputs" | "temperature">} reading
 */
export function scoresOf(logits, { outputs, temperature }) {
  const scaled = outputs.map((place) => logits[place] / temperature);
  const top = Math.max(...scaled);
  const parts = scaled.map((logit) => Math.exp(logit - top));
  const sum = parts.reduce((one, other) => one + other, 0);
  return parts.map((part) => part / sum);
}

/**
 * Why a face is not usable, in the order of `assess_quality`; empty where it is.
 *
 * @param {Face} face
 * @param {Limits} limits
 */
export function reasonOf({ box, pose: [yaw, pitch, roll], brightness, blur }, limits) {
  const [left, top, right, bottom] = box;
  const isInverted = Math.abs(roll) > limits.inverted_deg;
  const turned = Math.max(Math.abs(yaw), Math.abs(pitch), isInverted ? 0 : Math.abs(roll));
  if (Math.min(right - left, bottom - top) < limits.size_px) return "too_small";
  if (brightness < limits.darkest) return "too_dark";
  if (brightness > limits.brightest) return "too_bright";
  if (blur < limits.sharpness) return "blurred";
  if (turned > limits.turn_deg) return "turned_away";
  return isInverted ? "upside_down" : "";
}

/**
 * Intersection over union.
 *
 * @param {Face["box"]} one
 * @param {Face["box"]} other
 */
function overlapOf(one, other) {
  const wide = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const high = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  if (wide <= 0 || high <= 0) return 0;
  return (wide * high) / (areaOf(one) + areaOf(other) - wide * high);
}

/** @param {Face["box"]} box */
function areaOf([left, top, right, bottom]) {
  return (right - left) * (bottom - top);
}
