/** Finds out which way faces can be read in this browser. */

import { canGiveFrames, canRunWasm, hasWebgl } from "./abilities.js";
import { probe } from "./readers.js";
import { chooseWay } from "./way.js";

/**
 * A classic worker: the libraries load scripts, which module workers cannot.
 *
 * @param {string} url
 * @returns {Worker | null}
 */
export function startWorker(url) {
  try {
    return new Worker(new URL(url, location.origin));
  } catch {
    return null;
  }
}

/**
 * The best way that this browser has.
 *
 * @param {Worker | null} worker
 */
export async function wayHere(worker) {
  const beside = worker && canGiveFrames() ? await probe(worker) : null;
  return chooseWay({
    secure: window.isSecureContext,
    camera: typeof navigator.mediaDevices?.getUserMedia === "function",
    wasm: await canRunWasm(),
    webgl: hasWebgl(),
    frames: canGiveFrames(),
    workerWebgl: beside?.webgl === true && beside.wasm,
  });
}
