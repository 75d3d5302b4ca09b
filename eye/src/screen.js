/** What is seen of the eye: the local video with its overlay, or words in its place. */

import { drawOverlay } from "./overlay.js";

/** @typedef {import("./overlay.js").Look} Look */
/** @typedef {import("./overlay.js").Size} Size */
/** @typedef {import("./shown.js").ShownFace} ShownFace */

const REVOKED_AFTER_MS = 60_000;

export class Screen {
  /** @type {readonly ShownFace[] | null} */
  #read = null;

  constructor() {
    const attributes = { autoplay: true, muted: true, playsInline: true };
    this.video = Object.assign(document.createElement("video"), attributes);
    this.canvas = document.createElement("canvas");
    this.words = document.createElement("div");
    this.words.setAttribute("role", "status");
    this.words.className = "words";
    this.picture = document.createElement("div");
    this.picture.className = "picture";
    this.picture.append(this.video, this.canvas);
    this.root = document.createElement("div");
    this.root.className = "eye";
    this.root.append(this.picture, this.words);
  }

  /** @param {MediaStream | null} stream null: there is no picture */
  show(stream) {
    this.video.srcObject = stream;
    if (stream) this.play();
    else this.#read = null;
    this.#clear();
  }

  /** Moved elements pause; none plays before it has a stream. */
  play() {
    this.video.play().catch(() => {});
  }

  /** @param {string} words empty: none */
  say(words) {
    this.words.textContent = words;
    this.words.hidden = words === "";
    this.picture.hidden = this.video.srcObject === null;
  }

  /**
   * Draw what was read of a frame.
   *
   * @param {Size} frame
   * @param {readonly ShownFace[]} faces
   * @param {Look} look
   */
  draw(frame, faces, look) {
    this.#read = faces;
    const context = this.#clear();
    if (!context) return;
    context.setTransform(this.canvas.width / frame.width, 0, 0, this.canvas.height / frame.height, 0, 0);
    drawOverlay(context, this.#surface(frame), faces, look);
  }

  /**
   * Save the picture as it is seen. It is made and saved here: nothing of it is sent.
   *
   * @param {string} name of the file
   * @param {Look} look
   */
  async saveScreenshot(name, look) {
    const frame = { width: this.video.videoWidth, height: this.video.videoHeight };
    const canvas = Object.assign(document.createElement("canvas"), frame);
    const context = canvas.getContext("2d");
    if (!context || frame.width === 0 || frame.height === 0) return;
    context.drawImage(this.video, 0, 0);
    if (this.#read) drawOverlay(context, this.#surface(frame), this.#read, look);
    const content = await new Promise((/** @type {BlobCallback} */ resolve) => canvas.toBlob(resolve));
    if (content) saveFile(name, content);
  }

  /** Its pixels are those of the screen, so that texts are sharp however large a frame is. */
  #clear() {
    const { clientWidth, clientHeight } = this.canvas;
    const [width, height] = [clientWidth, clientHeight].map((side) =>
      Math.max(1, Math.round(side * window.devicePixelRatio)),
    );
    // Setting a size clears it, also the same one.
    Object.assign(this.canvas, { width, height });
    return this.canvas.getContext("2d");
  }

  /**
   * @param {Size} frame
   * @returns {import("./overlay.js").Surface}
   */
  #surface({ width, height }) {
    const unit = width / (this.canvas.clientWidth || width);
    return { width, height, unit, font: getComputedStyle(this.words).fontFamily };
  }
}

/**
 * @param {string} name
 * @param {Blob} content
 */
function saveFile(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKED_AFTER_MS);
}
