/** Spans in which nothing was measured, and why. */

/** @typedef {"hidden" | "camera_off" | "asleep" | "dropped"} GapReason */
/** @typedef {{begin_s: number, end_s: number, reason: GapReason}} Gap */

export const GAP_AFTER_S = 2;

export class GapWatch {
  /** @type {number | null} */
  #lastS = null;
  #hidden = false;
  #muted = false;
  /** @type {GapReason} */
  #reason = "asleep";

  /** @param {boolean} hidden whether the tab is hidden, and frames stop therefore */
  setHidden(hidden) {
    this.#hidden = hidden;
    if (hidden) this.#reason = "hidden";
  }

  /** @param {boolean} muted whether the camera gives no frames */
  setMuted(muted) {
    this.#muted = muted;
    if (muted) this.#reason = "camera_off";
  }

  /** What the camera is at: the state of a message. */
  get state() {
    if (this.#muted) return "no_camera";
    return this.#hidden ? "hidden" : "reading";
  }

  /**
   * Register a frame that was read.
   *
   * @param {number} timeS
   * @returns {Gap | null} the gap that ends with it
   */
  read(timeS) {
    const beginS = this.#lastS;
    const reason = this.#reason;
    this.#lastS = timeS;
    this.#reason = this.#muted ? "camera_off" : this.#hidden ? "hidden" : "asleep";
    if (beginS === null || timeS - beginS <= GAP_AFTER_S) return null;
    return { begin_s: beginS, end_s: timeS, reason };
  }
}
