/**
 * The server's numbers of the faces that are in view here.
 *
 * Only the server numbers faces. It answers a message with those of its last row; that row's faces
 * are followed by their boxes until now. A face that it has not numbered has none.
 */

import { sameFaces } from "./boxes.js";

/** @typedef {import("./boxes.js").Box} Box */

/**
 * @typedef {object} KnownFace what the server knows of a face
 * @property {number} number from 1
 * @property {Box} box as it was sent
 * @property {number[] | null} scores of the labels on the page; null where it has none
 * @property {number} timeS of the row that it is known from
 */

/**
 * @typedef {object} KnownRow what the server answered about a row
 * @property {number} timeS of the row, as it was sent
 * @property {KnownFace[]} faces
 */

/** @typedef {{box: Box, timeS: number, known: KnownFace | null}} Track */

const FORGET_AFTER_S = 2; // as the server: core/vision/faces/tracker.py
const ANSWERED_WITHIN_S = 15;

export class FaceNumbers {
  /** @type {Track[]} */
  #tracks = [];
  /** @type {{timeS: number, boxes: Box[], tracks: Track[]}[]} */
  #frames = [];

  /**
   * What is known of the faces of a frame; null of those that the server did not number.
   *
   * @param {readonly Box[]} boxes
   * @param {number} timeS of the frame, as it is sent
   * @returns {(KnownFace | null)[]}
   */
  follow(boxes, timeS) {
    const before = this.#tracks.filter((one) => timeS - one.timeS <= FORGET_AFTER_S);
    const places = sameFaces(
      boxes,
      before.map(({ box }) => box),
    );
    const tracks = boxes.map((box, place) =>
      Object.assign(before[places[place]] ?? { known: null }, { box, timeS }),
    );
    this.#tracks = [...tracks, ...before.filter((one) => !tracks.includes(one))];
    this.#frames = this.#frames.filter((one) => timeS - one.timeS <= ANSWERED_WITHIN_S);
    this.#frames.push({ timeS, boxes: [...boxes], tracks });
    return tracks.map(({ known }) => known);
  }

  /**
   * Take what the server answered. A row that is not remembered any more says nothing.
   *
   * @param {KnownRow} row
   */
  learn({ timeS, faces }) {
    const frame = this.#frames.find((one) => one.timeS === timeS);
    if (!frame) return;
    const numbers = faces.map(({ number }) => number);
    for (const track of this.#tracks) {
      if (track.known && numbers.includes(track.known.number)) track.known = null;
    }
    frame.tracks.forEach((track, place) => {
      const isSame = (/** @type {KnownFace} */ { box }) =>
        box.every((side, at) => side === frame.boxes[place][at]);
      track.known = faces.find(isSame) ?? null;
    });
  }
}

/**
 * What an answer says about a row; null where it says nothing that makes sense.
 *
 * @param {unknown} said
 * @returns {KnownRow | null}
 */
export function knownRowOf(said) {
  const { time_s: timeS, faces } = /** @type {Record<string, unknown>} */ (said ?? {});
  if (typeof timeS !== "number" || !Array.isArray(faces)) return null;
  return { timeS, faces: faces.filter(isKnownFace).map((face) => ({ ...face, timeS })) };
}

/**
 * @param {any} face
 * @returns {face is KnownFace}
 */
function isKnownFace(face) {
  const { number, box, scores } = face ?? {};
  const areNumbers = (/** @type {unknown} */ some) => Array.isArray(some) && some.every(Number.isFinite);
  return (
    Number.isInteger(number) &&
    number > 0 &&
    areNumbers(box) &&
    box.length === 4 &&
    (scores === null || areNumbers(scores))
  );
}
