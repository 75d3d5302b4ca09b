/** What the page says to its element, and what the element tells it. */

/**
 * @typedef {object} Wanted what the page says
 * @property {string} start name of a start; empty while the camera is off
 * @property {string} continues name of the start that this one goes on with, or how it begins, should
 *     it still run: the server was started again, and the camera stays on; empty for none
 * @property {boolean} paused whether the session is paused
 * @property {number} storedS so many seconds of that start are stored; below 0: nothing is
 * @property {string} token in a class empty where it is to be asked for, unless something runs
 * @property {number} width of the camera's picture, in pixels, if it can
 * @property {number} height
 * @property {number} fps
 * @property {number} readsPerS
 * @property {boolean} sendsExpression see `EngineOptions`
 * @property {import("./sent_numbers.js").NumberWords | null} numbers words for what is sent, which is
 *     then shown; null: it is not
 * @property {string} rowsUrl
 * @property {{worker: string, engine: string} & import("./engine.js").Files} files addresses
 * @property {import("./engine.js").EngineOptions["model"]} model
 * @property {import("./shown.js").Reading | null} reading null: nothing is drawn
 * @property {import("./overlay.js").Look["style"]} style
 * @property {{faces: string[], unusable: string}} colours
 * @property {string[]} screenshots names of the files asked for in this start, the newest last
 * @property {Record<"off" | "asking" | "loading" | "starting" | "late", string>} words
 */

/**
 * @typedef {object} Told what the page is told; facts, which it has sentences for
 * @property {string} start
 * @property {"reading" | "refused" | "unable" | "ended" | "over" | "token"} state
 * @property {string} [error] why the camera was refused
 * @property {string} [way]
 * @property {string} [token] that was refused
 * @property {string} [obstacle] what the browser lacks
 * @property {string} [part] what could not be loaded
 * @property {string} [sentence] the server's, where the session is over
 * @property {number} [width]
 * @property {number} [height]
 */

export {};
