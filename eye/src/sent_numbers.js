/** What leaves this device, in numbers: read off the very message that was sent, and its answer. */

/**
 * @typedef {object} Second what a class keeps of a learner's second; without what is not known
 * @property {number} second of the class
 * @property {Record<string, number>} shares in [0, 1], by their names
 * @property {number[]} scores in the order of the class' labels
 */

/**
 * @typedef {object} NumberWords
 * @property {Record<"on" | "late" | "hidden" | "no_camera" | "stopped", string>} badge
 * @property {string} sent heads the numbers that left
 * @property {string} kept heads the numbers that the class keeps
 * @property {string} whole opens the whole message
 * @property {string} nothing where the class has kept no second yet
 * @property {Record<"message" | "faces" | "head" | "quality" | "shapes" | "outputs" | "gaps",
 *     string>} names of the numbers that left
 * @property {Record<string, string>} values with {places} for numbers
 * @property {Record<string, string>} shares name of each share that the class keeps
 * @property {string[]} labels name of each score
 */

/** @typedef {{name: string, value: string}} Line */

/** @typedef {{sequence: number, state: string, rows: {faces: import("./face.js").Face[]}[],
 *     gaps: {begin_s: number, end_s: number}[]}} Message what is read of one */

/**
 * The second of an answer; null where it has none.
 *
 * @param {unknown} said untrusted
 * @returns {Second | null}
 */
export function secondOf(said) {
  if (typeof said !== "object" || said === null) return null;
  const { second, scores, ...shares } = /** @type {Record<string, any>} */ (said);
  if (!Number.isInteger(second)) return null;
  const known = Object.entries(shares).filter(([, share]) => typeof share === "number");
  return { second, shares: Object.fromEntries(known), scores: Array.isArray(scores) ? scores : [] };
}

/**
 * What a message said, by lines.
 *
 * @param {string} body of the message
 * @param {number} notMeasuredS seconds of all gaps until now
 * @param {NumberWords} words
 * @returns {Line[]}
 */
export function linesOf(body, notMeasuredS, { names, values }) {
  const { sequence, rows } = /** @type {Message} */ (JSON.parse(body));
  const faces = rows[rows.length - 1]?.faces ?? [];
  const [face] = faces;
  const [yaw, pitch, roll] = (face?.pose ?? []).map(Math.round);
  const told = {
    message: filled(values.message, { number: sequence + 1, readings: rows.length, bytes: body.length }),
    faces: `${faces.length}`,
    head: face && filled(values.head, { yaw, pitch, roll }),
    quality: face && filled(values.quality, { light: face.brightness.toFixed(2), sharp: face.blur.toFixed(2) }),
    shapes: face?.blendshapes.length ? filled(values.count, { count: face.blendshapes.length }) : values.none,
    outputs: face?.outputs?.length ? filled(values.count, { count: face.outputs.length }) : values.none,
    gaps: notMeasuredS >= 1 ? filled(values.gaps, { seconds: Math.round(notMeasuredS) }) : "",
  };
  return Object.entries(told).flatMap(([key, value]) =>
    value ? [{ name: names[/** @type {keyof typeof names} */ (key)], value }] : [],
  );
}

/**
 * What the class keeps of a second, by lines; what is not known, or has no name here, has none.
 *
 * @param {Second | null} second
 * @param {NumberWords} words
 * @returns {Line[]}
 */
export function keptLinesOf(second, { shares, labels, values }) {
  if (!second) return [];
  const scores = labels.map((label, place) => [label, second.scores[place]]);
  return [...Object.keys(shares).map((key) => [shares[key], second.shares[key]]), ...scores]
    .filter(([, share]) => typeof share === "number")
    .map(([name, share]) => ({
      name: `${name}`,
      value: filled(values.share, { share: Math.round(Number(share) * 100) }),
    }));
}

export class SentNumbers {
  #start = "";
  #state = "";
  #notMeasuredS = 0;
  #isLate = false;
  /** @type {NumberWords | null} */
  #words = null;

  constructor() {
    this.badge = withClass("div", "badge");
    this.badge.setAttribute("role", "status");
    this.root = withClass("div", "numbers");
    this.sent = withClass("dl", "sent");
    this.kept = withClass("dl", "kept");
    this.whole = withClass("details", "whole");
    this.body = document.createElement("pre");
    this.badge.hidden = this.root.hidden = true;
  }

  /**
   * @param {string} start whose numbers are to be shown; empty: nothing leaves
   * @param {NumberWords | null} words null: none are shown
   */
  begin(start, words) {
    this.#words = words;
    if (start !== this.#start) [this.#state, this.#notMeasuredS, this.#isLate] = ["", 0, false];
    if (start !== this.#start) this.root.hidden = true;
    this.#start = start;
    this.#drawBadge();
  }

  /** @param {{body: string, second: Second | null}} sent a message that was taken, and its answer */
  draw({ body, second }) {
    if (!this.#words || !this.#start) return;
    const { state, gaps } = /** @type {Message} */ (JSON.parse(body));
    this.#state = state;
    this.#notMeasuredS += gaps.reduce((all, { begin_s, end_s }) => all + end_s - begin_s, 0);
    if (!this.sent.isConnected || this.root.childElementCount === 0) this.#fill(this.#words);
    drawLines(this.sent, linesOf(body, this.#notMeasuredS, this.#words));
    const kept = keptLinesOf(second, this.#words);
    drawLines(this.kept, kept.length > 0 ? kept : [{ name: this.#words.nothing, value: "" }]);
    this.body.textContent = body;
    this.root.hidden = false;
    this.#drawBadge();
  }

  /** @param {boolean} late whether the server did not take the last message */
  setLate(late) {
    this.#isLate = late;
    this.#drawBadge();
  }

  #drawBadge() {
    const words = this.#words?.badge;
    const isOn = this.#isLate || this.#state !== "";
    const state = this.#isLate ? "late" : this.#state === "reading" ? "on" : this.#state;
    this.badge.hidden = !words || !this.#start || !isOn;
    if (!words || this.badge.hidden) return;
    const text = words[/** @type {keyof typeof words} */ (state)] ?? "";
    if (this.badge.textContent !== text) this.badge.textContent = text; // else it is read out again
    this.badge.dataset.state = state;
  }

  /** @param {NumberWords} words */
  #fill({ sent, kept, whole }) {
    const summary = Object.assign(document.createElement("summary"), { textContent: whole });
    this.whole.replaceChildren(summary, this.body);
    this.root.replaceChildren(heading(sent), this.sent, heading(kept), this.kept, this.whole);
  }
}

/**
 * @param {HTMLElement} list
 * @param {Line[]} lines
 */
function drawLines(list, lines) {
  const parts = lines.flatMap(({ name, value }) => [
    Object.assign(document.createElement("dt"), { textContent: name }),
    Object.assign(document.createElement("dd"), { textContent: value }),
  ]);
  list.replaceChildren(...parts);
}

/** @param {string} text */
function heading(text) {
  return Object.assign(withClass("div", "heading"), { textContent: text });
}

/**
 * @param {string} tag
 * @param {string} name
 */
function withClass(tag, name) {
  return Object.assign(document.createElement(tag), { className: name });
}

/**
 * @param {string} text with {places}
 * @param {Record<string, string | number>} values
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => `${values[name] ?? place}`);
}
