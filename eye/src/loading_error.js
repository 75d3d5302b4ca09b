/** A part of the eye could not be loaded. */
export class LoadingError extends Error {
  /**
   * @param {string} part `landmarker`, `model`, or `engine` for anything else
   * @param {unknown} [cause]
   */
  constructor(part, cause) {
    super(`The ${part} could not be loaded.`, { cause });
    this.part = part;
  }
}
