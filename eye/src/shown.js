/**
 * What the overlay says about a face: the label that the server derives from the same numbers.
 *
 * Limits, labels and words come from the page; nothing of it is written twice.
 */

import { sameFaces } from "./boxes.js";

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
 * @property {string[]} labels as they are shown; none where no score is
 * @property {string[]} colours of the labels
 * @property {number[]} outputs place among the model's outputs of each of its classes
 * @property {number[] | null} merged_into index of the label for each class; -1 for none. Null
 *     where the labels' scores do not follow from a frame: then the server answers them
 * @property {number} temperature
 * @property {number} not_sure_below
 * @property {number} half_life_s of smoothing
 * @property {number} forget_after_s
 * @property {Limits} limits
 * @property {Record<string, string>} reasons words of each reason
 * @property {string} not_sure
 */

/**
 * @typedef {object} ShownFace
 * @property {Face["box"]} box
 * @property {boolean} usable
 * @property {number | null} number the server's; null until it is known
 * @property {string} text empty where nothing is to be said
 * @property {number[] | null} scores of the labels, where there are any
 */

/** @typedef {import("./numbers.js").KnownFace} KnownFace */

/** @typedef {{box: Face["box"], timeS: number, scores: number[]}} Track */

const ANSWERED_SCORES_LAST_S = 5;

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
   * @param {readonly (KnownFace | null)[]} known what the server knows of each
   * @returns {ShownFace[]}
   */
  label(faces, timeS, known) {
    const own = this.#ownScores(faces, timeS);
    return faces.map((face, place) => {
      const shown = { box: face.box, number: known[place]?.number ?? null };
      const reason = reasonOf(face, this.reading.limits);
      if (reason) return { ...shown, usable: false, text: this.reading.reasons[reason], scores: null };
      const scores = this.#shownScores(own[place], known[place] ?? null, timeS);
      return { ...shown, usable: true, text: scores ? this.#text(scores) : "", scores };
    });
  }

  /**
   * The smoothed scores of the model's classes, for faces that it was asked about and are usable.
   *
   * @param {readonly Face[]} faces
   * @param {number} timeS
   * @returns {(number[] | null)[]}
   */
  #ownScores(faces, timeS) {
    const before = this.#tracks.filter((one) => timeS - one.timeS <= this.reading.forget_after_s);
    const places = sameFaces(
      faces.map(({ box }) => box),
      before.map(({ box }) => box),
    );
    const taken = new Set();
    /** @type {Track[]} */
    const now = [];
    const found = faces.map(({ box, outputs, ...face }, place) => {
      if (!outputs || reasonOf({ ...face, box, outputs }, this.reading.limits)) return null;
      const track = before[places[place]];
      if (track) taken.add(track);
      const scores = this.#smoothed(scoresOf(outputs, this.reading), timeS, track);
      now.push({ box, timeS, scores });
      return scores;
    });
    this.#tracks = [...now, ...before.filter((one) => !taken.has(one))];
    return found;
  }

  /**
   * @param {number[]} scores
   * @param {number} timeS
   * @param {Track | undefined} track of the same face
   */
  #smoothed(scores, timeS, track) {
    if (!track) return scores;
    const weight = 0.5 ** ((timeS - track.timeS) / this.reading.half_life_s);
    return scores.map((score, place) => weight * track.scores[place] + (1 - weight) * score);
  }

  /**
   * Scores of the labels: from those of the model's classes, or as the server answered.
   *
   * @param {number[] | null} own
   * @param {KnownFace | null} known
   * @param {number} timeS
   */
  #shownScores(own, known, timeS) {
    const { labels, merged_into } = this.reading;
    if (labels.length === 0) return null;
    if (merged_into) return own && mergedScores(own, { labels, merged_into });
    const isNew = known !== null && timeS - known.timeS <= ANSWERED_SCORES_LAST_S;
    return isNew && known.scores?.length === labels.length ? known.scores : null;
  }

  /** @param {number[]} shown */
  #text(shown) {
    const top = shown.indexOf(Math.max(...shown));
    if (shown[top] < this.reading.not_sure_below) return this.reading.not_sure;
    return `${this.reading.labels[top]} ${Math.round(shown[top] * 100)} %`;
  }
}

/**
 * Scores of the labels: sums over the classes of each; those of classes without one are left out.
 *
 * @param {readonly number[]} scores
 * @param {{labels: string[], merged_into: number[]}} reading
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
