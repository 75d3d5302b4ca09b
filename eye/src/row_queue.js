/** Rows that wait to be sent: bounded, oldest first. */

import { rounded } from "./face.js";

/** @typedef {import("./gaps.js").Gap} Gap */

/**
 * @typedef {object} Row
 * @property {number} time_s
 * @property {number} frame_index
 * @property {number} width_px
 * @property {number} height_px
 * @property {number} latency_ms
 * @property {import("./face.js").Face[]} faces
 */

/**
 * @typedef {object} Batch what one message carries
 * @property {string[]} rows each as JSON
 * @property {Gap[]} gaps
 * @property {number} dropped rows since the start
 */

export const MOST_ROWS = 3000;
export const OLDEST_S = 300;
export const TAKEN_FOR_S = 10; // longer than a server takes to store them
const MOST_ROWS_A_MESSAGE = 100;
const SAME_S = 0.002; // two frames are further apart
const MOST_GAPS = 100;
const MOST_CHARACTERS = 60_000; // of a message of at most 65,536 bytes; rows are ASCII

export class RowQueue {
  /** @type {{timeS: number, text: string}[]} */
  #rows = [];
  /** @type {Gap[]} */
  #gaps = [];
  /** @type {number | null} */
  #droppedFromS = null;
  /** @type {string[]} */
  #taken = []; // the newest rows that the server took: should it end suddenly, they are not stored
  dropped = 0;

  get waiting() {
    return this.#rows.length;
  }

  /**
   * Add a row; rows that are too many or too old are dropped.
   *
   * @param {Row} row
   */
  push(row) {
    this.#rows.push({ timeS: row.time_s, text: JSON.stringify(row) });
    while (this.#rows.length > MOST_ROWS || row.time_s - this.#rows[0].timeS > OLDEST_S) {
      this.#dropOldest();
    }
  }

  /** @param {Gap} gap */
  pushGap(gap) {
    const begin_s = rounded(gap.begin_s, 4);
    this.#gaps.push({ ...gap, begin_s, end_s: rounded(gap.end_s, 4) });
    if (this.#gaps.length > MOST_GAPS) this.#gaps.shift();
  }

  /**
   * Take the oldest rows, as many as a message holds, and all gaps.
   *
   * @returns {Batch}
   */
  take() {
    this.#endDropping();
    let [count, characters] = [0, 0];
    while (count < Math.min(this.#rows.length, MOST_ROWS_A_MESSAGE)) {
      characters += this.#rows[count].text.length + 1;
      if (characters > MOST_CHARACTERS) break;
      count += 1;
    }
    const rows = this.#rows.splice(0, count).map(({ text }) => text);
    return { rows, gaps: this.#gaps.splice(0), dropped: this.dropped };
  }

  /**
   * Keep rows that the server took for a while.
   *
   * @param {string[]} rows each as JSON
   * @param {number} fromS earlier ones are not kept
   */
  keepTaken(rows, fromS) {
    this.#taken.push(...rows.filter((text) => timeOf(text) >= fromS));
    const newestS = this.#taken.length === 0 ? 0 : timeOf(this.#taken[this.#taken.length - 1]);
    while (this.#taken.length > 0 && newestS - timeOf(this.#taken[0]) > TAKEN_FOR_S) this.#taken.shift();
  }

  /** Forget rows that the server took, as they came in a pause. */
  forgetTaken() {
    this.#taken = [];
  }

  /**
   * Put back what the server took but did not store, and what is under way; drop what it stored.
   *
   * @param {string[]} underWay rows, each as JSON
   * @param {number} untilS time of the last row that is stored
   */
  putBack(underWay, untilS) {
    const before = [...this.#taken.splice(0), ...underWay];
    const rows = [...before.map((text) => ({ timeS: timeOf(text), text })), ...this.#rows];
    this.#rows = rows.filter(({ timeS }) => timeS > untilS + SAME_S);
  }

  /** @param {number} count of rows that were refused */
  countRefused(count) {
    this.dropped += count;
  }

  #dropOldest() {
    const [oldest] = this.#rows.splice(0, 1);
    this.#droppedFromS = Math.min(this.#droppedFromS ?? oldest.timeS, oldest.timeS);
    this.dropped += 1;
  }

  #endDropping() {
    const fromS = this.#droppedFromS;
    if (fromS === null) return;
    const next = this.#rows.find(({ timeS }) => timeS > fromS); // rows put back may be earlier
    if (!next) return;
    this.pushGap({ begin_s: fromS, end_s: next.timeS, reason: "dropped" });
    this.#droppedFromS = null;
  }
}

/**
 * @param {string} row as JSON
 * @returns {number}
 */
function timeOf(row) {
  return JSON.parse(row).time_s;
}
