/** The worker: reads the camera's frames beside the page. A classic one, as its libraries need. */

import { canRunWasm, hasWebgl } from "./abilities.js";
import { Engine } from "./engine.js";
import { LoadingError } from "./loading_error.js";

/** @typedef {import("./engine.js").EngineOptions} EngineOptions */

/**
 * @typedef {{kind: "probe"} | {kind: "open", options: EngineOptions} |
 *     {kind: "frames", readable: ReadableStream<VideoFrame>} | {kind: "muted", muted: boolean} |
 *     {kind: "paused", paused: boolean} |
 *     {kind: "token", token: string, storedS: number | null} | {kind: "stop"} | {kind: "leave"}} ToWorker
 */

/**
 * @typedef {{kind: "abilities", webgl: boolean, wasm: boolean} | {kind: "open"} |
 *     {kind: "failed", part: string} | {kind: "read", read: import("./engine.js").Read} |
 *     {kind: "sending", sending: import("./sender.js").Sending}} FromWorker
 */

/** @type {Engine | null} */
let engine = null;

/** @param {FromWorker} message */
function tell(message) {
  self.postMessage(message);
}

/** @param {EngineOptions} options */
async function open(options) {
  try {
    engine = await Engine.open(options, {
      onRead: (read) => tell({ kind: "read", read }),
      onSending: (sending) => tell({ kind: "sending", sending }),
    });
    tell({ kind: "open" });
  } catch (error) {
    tell({ kind: "failed", part: error instanceof LoadingError ? error.part : "engine" });
  }
}

/** @param {ReadableStream<VideoFrame>} readable */
async function readAll(readable) {
  const reader = readable.getReader();
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done) return;
    const { displayWidth: width, displayHeight: height, timestamp } = frame;
    try {
      await engine?.see(frame, { width, height, sentS: timestamp / 1e6 });
    } catch {
      // Such as a graphics context that was taken away: the page says so, and what was read is sent.
      engine?.stop();
      tell({ kind: "failed", part: "engine" });
      return;
    } finally {
      frame.close();
    }
  }
}

self.addEventListener("message", async (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "probe") tell({ kind: "abilities", webgl: hasWebgl(), wasm: await canRunWasm() });
  if (data.kind === "open") await open(data.options);
  if (data.kind === "frames") await readAll(data.readable);
  if (data.kind === "muted") engine?.setMuted(data.muted);
  if (data.kind === "paused") engine?.setPaused(data.paused);
  if (data.kind === "token") engine?.renew(data.token, data.storedS);
  if (data.kind === "stop") engine?.stop();
  if (data.kind === "leave") engine?.leave();
});
