/** A pause that can be ended early. */

export class Alarm {
  /** @type {(() => void) | null} */
  #end = null;

  /**
   * Wait, unless `ring` was called meanwhile.
   *
   * @param {number} ms
   * @returns {Promise<void>}
   */
  wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.ring(), ms);
      this.#end = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
    });
  }

  ring() {
    this.#end?.();
  }
}
