/** Times of frames since the first one, from the camera's own timestamps. */

const MOST_AHEAD_S = 0.5;
const MOST_BEHIND_S = 5;
const SHORTEST_STEP_S = 0.001;

/**
 * The zero of a camera's timestamps is unknown, and changes when it is plugged in again or the
 * machine slept. Timestamps that go back, or part from the browser's monotonic clock, mean another
 * zero; then that clock bridges the gap. Times ascend strictly.
 */
export class FrameClock {
  /** @type {{sentS: number, nowS: number, timeS: number} | null} */
  #last = null;
  #zeroS = 0;
  #beganS = 0;

  /**
   * Register a frame.
   *
   * @param {number} sentS the camera's timestamp, in seconds
   * @param {number} nowS the monotonic clock, in seconds
   * @returns {number} the frame's time, in seconds
   */
  arrived(sentS, nowS) {
    const last = this.#last;
    let timeS = 0;
    if (!last) {
      [this.#zeroS, this.#beganS] = [sentS, nowS];
    } else {
      const localS = nowS - this.#beganS;
      timeS = sentS - this.#zeroS;
      const isAnother =
        sentS < last.sentS || timeS > localS + MOST_AHEAD_S || timeS < localS - MOST_BEHIND_S;
      if (isAnother) timeS = last.timeS + Math.max(0, nowS - last.nowS);
      timeS = Math.max(timeS, last.timeS + SHORTEST_STEP_S);
      if (isAnother) this.#zeroS = sentS - timeS;
    }
    this.#last = { sentS, nowS, timeS };
    return timeS;
  }

  /**
   * Time since the first frame by the monotonic clock; 0 before it.
   *
   * @param {number} nowS
   */
  localS(nowS) {
    return this.#last ? Math.max(0, nowS - this.#beganS) : 0;
  }
}
