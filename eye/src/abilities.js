/** What this browser can do. */

const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** Whether WebAssembly runs here: a page's security policy may forbid it. */
export async function canRunWasm() {
  try {
    await WebAssembly.instantiate(EMPTY_MODULE);
    return true;
  } catch {
    return false;
  }
}

/** Whether there is WebGL, on the page or in a worker; the landmarker needs it to read pictures. */
export function hasWebgl() {
  try {
    const canvas =
      typeof OffscreenCanvas === "undefined"
        ? document.createElement("canvas")
        : new OffscreenCanvas(1, 1);
    return canvas.getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/** Whether the camera's frames can be given to a worker. */
export function canGiveFrames() {
  return typeof MediaStreamTrackProcessor !== "undefined";
}
