/** Messages to the app's own server. */

import { knownRowOf } from "./numbers.js";
import { secondOf } from "./sent_numbers.js";

const GIVES_UP_AFTER_MS = 10_000;

/**
 * @param {string} url
 * @returns {import("./sender.js").Post}
 */
export function poster(url) {
  return async (body, token) => {
    try {
      const signal = AbortSignal.timeout(GIVES_UP_AFTER_MS);
      return await answerOf(await fetch(url, { ...request(body, token), signal }));
    } catch {
      return { status: 0, next: null, retryAfterS: 0, sentence: "", known: null };
    }
  };
}

/**
 * Send a last message from a page that closes; nobody waits for its answer.
 *
 * @param {string} url
 * @param {{body: string, token: string}} message
 */
export function postAtTheEnd(url, { body, token }) {
  fetch(url, { ...request(body, token), keepalive: true }).catch(() => {});
}

/**
 * @param {string} body
 * @param {string} token
 * @returns {RequestInit}
 */
function request(body, token) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return { method: "POST", headers, body, cache: "no-store", credentials: "same-origin" };
}

/**
 * @param {Response} response
 * @returns {Promise<import("./sender.js").Answer>}
 */
async function answerOf(response) {
  const said = await response.json().catch(() => ({}));
  return {
    status: response.status,
    next: Number.isInteger(said?.next) ? said.next : null,
    retryAfterS: Number(response.headers.get("Retry-After")) || 0,
    sentence: typeof said?.sentence === "string" ? said.sentence : "",
    known: knownRowOf(said?.row),
    second: secondOf(said?.second),
  };
}
