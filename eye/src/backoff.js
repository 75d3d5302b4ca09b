/** How long to wait before the same message is sent again. */

const LONGEST_S = 30;

/**
 * Seconds: about 1, 2, 4 … 30, between half and all of it, so that many browsers do not return to a
 * restarted server at once; never less than the server asked for.
 *
 * @param {number} failures in a row, 1 or more
 * @param {number} retryAfterS what the server asked for; 0 if nothing
 * @param {number} random in [0, 1)
 */
export function backoffS(failures, retryAfterS, random) {
  const fullS = Math.min(LONGEST_S, 2 ** Math.min(failures - 1, 10));
  return Math.max(retryAfterS, fullS * (0.5 + random / 2));
}
