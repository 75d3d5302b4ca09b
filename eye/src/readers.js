/** The two places where frames are read: a worker, or the page itself. */

import { LoadingError } from "./loading_error.js";

/** @typedef {import("./engine.js").EngineOptions} EngineOptions */
/** @typedef {import("./worker.js").ToWorker} ToWorker */
/** @typedef {import("./worker.js").FromWorker} FromWorker */

/**
 * @typedef {object} ReaderListener
 * @property {(read: import("./engine.js").Read) => void} onRead
 * @property {(sending: import("./sender.js").Sending) => void} onSending
 * @property {(part: string) => void} onFailed reading stopped for good
 */

/**
 * @typedef {object} Reader
 * @property {(options: EngineOptions, listener: ReaderListener) => Promise<void>} open load
 *     everything; fails with a LoadingError
 * @property {(stream: MediaStream, video: HTMLVideoElement) => void} begin read the stream's frames
 * @property {(hidden: boolean) => void} setHidden whether the tab is hidden
 * @property {(muted: boolean) => void} setMuted whether the camera gives no frames
 * @property {(paused: boolean) => void} setPaused whether the session is paused
 * @property {(token: string, storedS: number | null) => void} renew see `Sender.renew`
 * @property {() => void} stop
 * @property {() => void} leave the page closes
 */

const PROBED_WITHIN_MS = 4500; // its script may have to be loaded over a slow line first
const WITHOUT_FRAME_CALLBACKS_MS = 100;

/**
 * What a worker can do; null where none could be started, or it did not answer.
 *
 * @param {Worker} worker
 * @returns {Promise<{webgl: boolean, wasm: boolean} | null>}
 */
export function probe(worker) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), PROBED_WITHIN_MS);
    worker.addEventListener("error", () => resolve(null), { once: true });
    worker.addEventListener("message", ({ data }) => {
      if (data.kind === "abilities") resolve(data);
    });
    worker.postMessage({ kind: "probe" });
  });
}

/** @implements {Reader} */
export class WorkerReader {
  #isOpen = false;

  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
  }

  /**
   * @param {EngineOptions} options
   * @param {ReaderListener} listener
   * @returns {Promise<void>}
   */
  open(options, listener) {
    return new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ part) => {
        if (this.#isOpen) listener.onFailed(part);
        else reject(new LoadingError(part));
      };
      this.worker.addEventListener("error", () => fail("engine"));
      this.worker.addEventListener("message", (/** @type {MessageEvent<FromWorker>} */ { data }) => {
        if (data.kind === "open") resolve(void (this.#isOpen = true));
        if (data.kind === "failed") fail(data.part);
        if (data.kind === "read") listener.onRead(data.read);
        if (data.kind === "sending") this.#follow(data.sending, listener);
      });
      this.#tell({ kind: "open", options });
    });
  }

  /** @param {MediaStream} stream */
  begin(stream) {
    const [track] = stream.getVideoTracks();
    const { readable } = new MediaStreamTrackProcessor({ track });
    this.#tell({ kind: "frames", readable }, [readable]);
  }

  setHidden() {} // it reads on

  /** @param {boolean} muted */
  setMuted(muted) {
    this.#tell({ kind: "muted", muted });
  }

  /** @param {boolean} paused */
  setPaused(paused) {
    this.#tell({ kind: "paused", paused });
  }

  /**
   * @param {string} token
   * @param {number | null} storedS
   */
  renew(token, storedS) {
    this.#tell({ kind: "token", token, storedS });
  }

  stop() {
    if (this.#isOpen) this.#tell({ kind: "stop" });
    else this.worker.terminate();
  }

  leave() {
    this.#tell({ kind: "leave" });
  }

  /**
   * @param {import("./sender.js").Sending} sending
   * @param {ReaderListener} listener
   */
  #follow(sending, listener) {
    listener.onSending(sending);
    if (sending.end === "over" || sending.end === "stopped") this.worker.terminate();
  }

  /**
   * @param {ToWorker} message
   * @param {Transferable[]} transferred
   */
  #tell(message, transferred = []) {
    this.worker.postMessage(message, transferred);
  }
}

/** @implements {Reader} */
export class PageReader {
  /** @type {import("./engine.js").Engine | null} */
  #engine = null;
  #over = false;
  /** @type {(part: string) => void} */
  #onFailed = () => {};

  /** @param {string} engineUrl address of the engine's module */
  constructor(engineUrl) {
    this.engineUrl = engineUrl;
  }

  /**
   * @param {EngineOptions} options
   * @param {ReaderListener} listener
   */
  async open(options, listener) {
    this.#onFailed = listener.onFailed;
    /** @type {typeof import("./engine.js")} */
    const { Engine } = await import(this.engineUrl).catch(() => {
      throw new LoadingError("engine");
    });
    this.#engine = await Engine.open(options, listener);
    if (this.#over) this.#engine.stop();
  }

  /**
   * @param {MediaStream} _stream
   * @param {HTMLVideoElement} video
   */
  begin(_stream, video) {
    const look = async (/** @type {number} */ nowMs, /** @type {{captureTime?: number}} */ about) => {
      if (this.#over) return;
      const { videoWidth: width, videoHeight: height } = video;
      const sentS = (about.captureTime ?? nowMs) / 1000;
      try {
        await this.#engine?.see(video, { width, height, sentS });
      } catch {
        this.stop();
        this.#onFailed("engine");
      }
      next();
    };
    const next = () => {
      if (typeof video.requestVideoFrameCallback === "function") video.requestVideoFrameCallback(look);
      else setTimeout(() => look(performance.now(), {}), WITHOUT_FRAME_CALLBACKS_MS);
    };
    next();
  }

  /** @param {boolean} hidden */
  setHidden(hidden) {
    this.#engine?.setHidden(hidden);
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.#engine?.setMuted(muted);
  }

  /** @param {boolean} paused */
  setPaused(paused) {
    this.#engine?.setPaused(paused);
  }

  /**
   * @param {string} token
   * @param {number | null} storedS
   */
  renew(token, storedS) {
    this.#engine?.renew(token, storedS);
  }

  stop() {
    this.#over = true;
    this.#engine?.stop();
  }

  leave() {
    this.#engine?.leave();
  }
}
