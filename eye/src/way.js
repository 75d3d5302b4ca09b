/** Which way faces are read here, by what the browser can do. */

/** @typedef {"worker" | "page" | "server"} Way
 * worker: beside the page, also while the tab is hidden. page: in the page itself, while it is
 * visible. server: not here; pictures have to be sent. */

/** @typedef {"" | "insecure" | "no_camera_access" | "no_wasm" | "no_webgl"} Obstacle */

/**
 * @typedef {object} Abilities
 * @property {boolean} secure whether the page may ask for a camera at all
 * @property {boolean} camera
 * @property {boolean} wasm
 * @property {boolean} webgl on the page
 * @property {boolean} frames whether a worker can be given the camera's frames
 * @property {boolean} workerWebgl in a worker; false where no worker could be started
 */

/**
 * The best way, and why none is possible where it is `server`.
 *
 * @param {Abilities} abilities
 * @returns {{way: Way, obstacle: Obstacle}}
 */
export function chooseWay({ secure, camera, wasm, webgl, frames, workerWebgl }) {
  if (!secure) return { way: "server", obstacle: "insecure" };
  if (!camera) return { way: "server", obstacle: "no_camera_access" };
  if (!wasm) return { way: "server", obstacle: "no_wasm" };
  if (frames && workerWebgl) return { way: "worker", obstacle: "" };
  if (webgl) return { way: "page", obstacle: "" };
  return { way: "server", obstacle: "no_webgl" };
}
