/** Which frames are read, where the camera gives more of them than are wanted. */

const HALF_A_FRAME_S = 1 / 60;

export class Pace {
  /** @type {number | null} */
  #nextS = null;

  /** @param {number} perS how many frames a second are wanted on average */
  constructor(perS) {
    this.periodS = 1 / perS;
  }

  /**
   * Whether a frame is to be read; then it counts as read.
   *
   * @param {number} timeS its time, in seconds
   */
  takes(timeS) {
    const nextS = this.#nextS ?? timeS;
    if (timeS < nextS - HALF_A_FRAME_S) return false;
    this.#nextS = Math.max(nextS, timeS - this.periodS) + this.periodS;
    return true;
  }
}
