/** Sends rows about once a second: in order, each once, one message at a time. */

import { backoffS } from "./backoff.js";
import { rounded } from "./face.js";

/** @typedef {"reading" | "hidden" | "no_camera" | "stopped"} State */
/** @typedef {import("./numbers.js").KnownRow} KnownRow */
/** @typedef {import("./sent_numbers.js").Second} Second */
/** @typedef {{status: number, next: number | null, retryAfterS: number, sentence: string,
 *     known: KnownRow | null, second?: Second | null}} Answer status 0: none came */
/** @typedef {(body: string, token: string) => Promise<Answer>} Post */
/** @typedef {"stored" | "refused" | "token" | "renumber" | "over" | "later"} Outcome */

/**
 * @typedef {object} Sending how it goes
 * @property {number} waiting rows that are not stored yet
 * @property {number} dropped rows since the start
 * @property {boolean} late whether the last message was not stored at once
 * @property {"" | "token" | "over" | "stopped"} end why nothing is sent any more
 * @property {string} sentence the server's, of an end
 * @property {KnownRow | null} known what the server answered about the faces of the last row
 * @property {{body: string, second: Second | null} | null} sent the message that was just stored,
 *     and what a class keeps of the newest second; null where none was
 */

/**
 * @typedef {object} Surroundings
 * @property {Post} post
 * @property {import("./alarm.js").Alarm} alarm
 * @property {() => number} localS seconds since the start's first frame
 * @property {() => number} unixS the browser's clock
 * @property {() => number} random in [0, 1)
 * @property {(sending: Sending) => void} tell
 */

const EVERY_MS = 1000;
const CATCHING_UP_MS = 250;
const SILENT_AT_MOST_MS = 5000;
const CLOCKS_DIFFER_S = 0.5; // frames' times may be so far ahead: see `FrameClock`
const BACKLOG_ROWS = 30; // more than a second makes: the next message follows at once

export class Sender {
  #sequence = 0;
  #failures = 0;
  #silentMs = Infinity;
  /** @type {State | null} */
  #told = null;
  /** @type {Message | null} */
  #message = null;
  /** @type {Sending["end"]} */
  #end = "";
  #sentence = "";
  #stopping = false;
  /** @type {number | null} */
  #firstS = null; // time of the session's first row
  #keepsFromS = -Infinity; // rows of a pause are not kept for another session

  /**
   * @param {import("./row_queue.js").RowQueue} queue
   * @param {string} token
   * @param {() => State} state
   * @param {Surroundings} surroundings
   */
  constructor(queue, token, state, surroundings) {
    this.queue = queue;
    this.token = token;
    this.state = state;
    this.surroundings = surroundings;
  }

  /** Send until the session is over or `stop` was called and everything is stored. */
  async run() {
    let pauseMs = EVERY_MS;
    while (!this.#end) {
      if (!this.#stopping || this.#failures > 0) await this.surroundings.alarm.wait(pauseMs);
      pauseMs = await this.#step(pauseMs);
    }
  }

  /** Send what is left, tell the server that this was the last message, and end. */
  stop() {
    this.#stopping = true;
    this.surroundings.alarm.ring();
    if (this.#end !== "token") return;
    this.#end = "over"; // nobody will bring another token
    this.#tell(false);
  }

  /**
   * Go on under another token: the one before was refused, or the server was started again.
   *
   * @param {string} token
   * @param {number | null} storedS another session begins, as the server was started again: so many
   *     seconds of the one before are stored, and what came later is sent to the new one
   * @returns {boolean} whether sending had ended for want of it: then `run` is to be called again
   */
  renew(token, storedS = null) {
    const hadEnded = this.#end === "token";
    if (this.#end && !hadEnded) return false;
    [this.token, this.#sequence, this.#end, this.#sentence] = [token, 0, "", ""];
    this.#failures = 0;
    this.#message = this.#message && this.#message.madeAgain(this.surroundings);
    if (storedS !== null) this.#sendToAnother(storedS);
    if (!hadEnded) this.surroundings.alarm.ring();
    return hadEnded;
  }

  /**
   * Whether the session is paused: the server keeps nothing of the rows that come meanwhile.
   *
   * @param {boolean} paused
   */
  setPaused(paused) {
    this.queue.forgetTaken();
    this.#keepsFromS = paused ? Infinity : this.surroundings.localS() + CLOCKS_DIFFER_S;
  }

  /** @param {number} storedS */
  #sendToAnother(storedS) {
    const { rows, gaps } = this.#message?.batch ?? { rows: [], gaps: [] };
    this.#message = null;
    this.queue.putBack(rows, Math.max((this.#firstS ?? 0) + storedS, this.#keepsFromS));
    for (const gap of gaps) this.queue.pushGap(gap);
    this.#firstS = null;
  }

  /** The message that would be sent now as JSON; null where there is none: for a page that closes. */
  lastWords() {
    const message = (this.#message ??= this.#next("stopped"));
    return message && { body: message.bodyAs(this.#sequence), token: this.token };
  }

  /** @param {number} passedMs */
  async #step(passedMs) {
    this.#silentMs += passedMs;
    const message = (this.#message ??= this.#next(this.state()));
    if (!message) return EVERY_MS;
    const body = message.bodyAs(this.#sequence);
    const answer = await this.surroundings.post(body, this.token);
    if (message !== this.#message) return this.#settleLate(answer);
    return this.#settle(message, body, answer);
  }

  /**
   * @param {State} now
   * @returns {Message | null}
   */
  #next(now) {
    const isLast = this.#stopping && this.queue.waiting <= BACKLOG_ROWS;
    const state = isLast ? "stopped" : now;
    const isSilent = this.queue.waiting === 0 && state === this.#told;
    if (isSilent && this.#silentMs < SILENT_AT_MOST_MS) return null;
    return new Message(this.queue.take(), state, this.surroundings);
  }

  /**
   * @param {Message} message
   * @param {string} body as it was sent
   * @param {Answer} answer
   * @returns {number} milliseconds until the next step
   */
  #settle(message, body, answer) {
    const outcome = outcomeOf(answer.status);
    const isLater = outcome === "later";
    if (outcome === "renumber") this.#sequence = answer.next ?? 0;
    if (outcome === "stored") this.#taken(message, answer);
    if (outcome === "refused") this.queue.countRefused(message.count);
    if (outcome === "token") this.#end = this.#stopping ? "over" : "token";
    if (outcome === "over") this.#end = "over";
    if (outcome === "stored" || outcome === "refused" || outcome === "over") {
      this.#message = null;
      [this.#told, this.#silentMs] = [message.state, 0];
      if (message.state === "stopped") this.#end ||= "stopped";
    }
    this.#sentence = this.#end ? answer.sentence : "";
    // A number that is refused again and again is a fault: it is not asked without a pause.
    this.#failures = isLater || outcome === "renumber" ? this.#failures + 1 : 0;
    const sent = outcome === "stored" ? { body, second: answer.second ?? null } : null;
    this.#tell(this.#failures > 0, answer.known, sent);
    if (this.#failures > 1 || isLater) {
      return backoffS(this.#failures, answer.retryAfterS, this.surroundings.random()) * 1000;
    }
    return this.queue.waiting > BACKLOG_ROWS || this.#message ? CATCHING_UP_MS : EVERY_MS;
  }

  /**
   * @param {Message} message
   * @param {Answer} answer
   */
  #taken({ rows }, { next }) {
    this.#sequence = next ?? this.#sequence + 1;
    if (rows.length > 0) this.#firstS ??= JSON.parse(rows[0]).time_s;
    this.queue.keepTaken(rows, this.#keepsFromS);
  }

  /**
   * An answer to what was sent under a token that was renewed meanwhile.
   *
   * @param {Answer} answer
   * @returns {number} milliseconds until the next step
   */
  #settleLate({ status }) {
    if (outcomeOf(status) === "stored") this.#message = null; // else it is sent under the new token
    return CATCHING_UP_MS;
  }

  /**
   * @param {boolean} late
   * @param {KnownRow | null} [known]
   * @param {Sending["sent"]} [sent]
   */
  #tell(late, known = null, sent = null) {
    this.surroundings.tell({
      waiting: this.queue.waiting + (this.#message?.count ?? 0),
      dropped: this.queue.dropped,
      late,
      end: this.#end,
      sentence: this.#sentence,
      known,
      sent,
    });
  }
}

/** One message; sent again it has the same bytes, unless the server asked for another number. */
class Message {
  /**
   * @param {import("./row_queue.js").Batch} batch
   * @param {State} state
   * @param {Pick<Surroundings, "localS" | "unixS">} clocks
   */
  constructor(batch, state, { localS, unixS }) {
    const { rows, gaps, dropped } = batch;
    this.batch = batch;
    this.rows = rows;
    this.state = state;
    this.head = { client_s: rounded(localS(), 4), client_unix_s: rounded(unixS(), 3), state, dropped, gaps };
  }

  /**
   * The same rows in a message of now: how old they are is read off it.
   *
   * @param {Pick<Surroundings, "localS" | "unixS">} clocks
   */
  madeAgain(clocks) {
    return new Message(this.batch, this.state, clocks);
  }

  get count() {
    return this.rows.length;
  }

  /** @param {number} sequence */
  bodyAs(sequence) {
    const head = JSON.stringify({ version: 1, sequence, ...this.head });
    return `${head.slice(0, -1)},"rows":[${this.rows.join(",")}]}`;
  }
}

/**
 * What an answer means.
 *
 * @param {number} status of HTTP; 0 where none came
 * @returns {Outcome}
 */
export function outcomeOf(status) {
  if (status === 200) return "stored";
  if (status === 400 || status === 413 || status === 422) return "refused";
  if (status === 401) return "token";
  if (status === 409) return "renumber";
  if (status === 410) return "over";
  return "later";
}
