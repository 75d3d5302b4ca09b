/** Draws boxes, labels and scores over the local video, as core/vision/overlay.py does on frames. */

import { barsBeside } from "./score_bars.js";

/** @typedef {import("./shown.js").ShownFace} ShownFace */
/** @typedef {import("./score_bars.js").BarRow} BarRow */
/** @typedef {{width: number, height: number}} Size */

/**
 * @typedef {object} Surface what is drawn on
 * @property {number} width of the frame
 * @property {number} height
 * @property {number} unit pixels of the frame in one on the screen: texts are as large as on the page
 * @property {string} font the page's
 */

/**
 * @typedef {object} Look
 * @property {"none" | "presence" | "quiet" | "full"} style how much is drawn: `OverlayStyle`
 * @property {string[]} faces colours of the numbers
 * @property {string} unusable colour of faces that are not usable, or not numbered yet
 * @property {{label: string, colour: string}[]} labels what the scores are of
 */

const LINE_PX = 2;
const FONT_PX = 13;
const SMALL_FONT_PX = 11;
const PADDING_PX = 4;
const WHITE = "#FFFFFF";
const BEHIND_BARS = "#282828";

/**
 * @param {CanvasRenderingContext2D} context in pixels of the frame
 * @param {Surface} surface
 * @param {readonly ShownFace[]} faces
 * @param {Look} look
 */
export function drawOverlay(context, surface, faces, look) {
  if (look.style === "none") return;
  context.lineWidth = LINE_PX * surface.unit;
  context.lineJoin = "round";
  context.textBaseline = "middle";
  /** @type {import("./boxes.js").Box[]} */
  const taken = [];
  for (const face of faces) {
    const colour = colourOf(face, look);
    context.strokeStyle = colour;
    if (face.usable) drawBox(context, face.box);
    else drawCorners(context, face.box);
    if (look.style === "full") taken.push(...drawScores(context, { ...surface, taken }, face, look));
    drawLabel(context, surface, { text: textOf(face, look), box: face.box, colour });
  }
}

/**
 * @param {ShownFace} face
 * @param {Pick<Look, "style">} look
 */
export function textOf({ number, text }, { style }) {
  const shown = style === "presence" ? "" : text;
  return [number, shown].filter(Boolean).join("  ");
}

/**
 * A text that is cut where it is wider than there is room.
 *
 * @param {string} text
 * @param {number} wide
 * @param {(text: string) => number} measure
 */
export function fitted(text, wide, measure) {
  if (measure(text) <= wide) return text;
  const letters = [...text];
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const half = (fits + tooLong) >> 1;
    if (measure(`${letters.slice(0, half).join("")}…`) <= wide) fits = half;
    else tooLong = half;
  }
  return `${letters.slice(0, fits).join("")}…`;
}

/**
 * @param {ShownFace} face
 * @param {Look} look
 */
function colourOf({ number, usable }, { faces, unusable }) {
  return usable && number !== null ? faces[(number - 1) % faces.length] : unusable;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ShownFace["box"]} box
 */
function drawBox(context, [left, top, right, bottom]) {
  context.strokeRect(left, top, right - left, bottom - top);
}

/**
 * Corners only: an unusable face looks different even without its colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ShownFace["box"]} box
 */
function drawCorners(context, [left, top, right, bottom]) {
  const arm = Math.max(6, (right - left) / 5);
  context.beginPath();
  for (const [x, y, alongX, alongY] of [
    [left, top, 1, 1],
    [right, top, -1, 1],
    [left, bottom, 1, -1],
    [right, bottom, -1, -1],
  ]) {
    context.moveTo(x + alongX * arm, y);
    context.lineTo(x, y);
    context.lineTo(x, y + alongY * arm);
  }
  context.stroke();
}

/**
 * A label inside the picture, also where the box is not.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Surface} surface
 * @param {{text: string, box: ShownFace["box"], colour: string}} label
 */
function drawLabel(context, { width, height, unit, font }, { text, box: [left, top], colour }) {
  if (!text) return;
  const padding = PADDING_PX * unit;
  context.font = `${FONT_PX * unit}px ${font}`;
  const measure = (/** @type {string} */ one) => context.measureText(one).width;
  const written = fitted(text, width - 2 * padding, measure);
  const wide = measure(written) + 2 * padding;
  const high = FONT_PX * unit + 2 * padding;
  const x = Math.min(Math.max(left - context.lineWidth / 2, 0), Math.max(0, width - wide));
  const y = Math.min(Math.max(top - high, 0), height - high);
  context.fillStyle = colour;
  context.fillRect(x, y, wide, high);
  context.fillStyle = WHITE;
  context.fillText(written, x + padding, y + high / 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Surface & {taken: import("./boxes.js").Box[]}} surface
 * @param {ShownFace} face
 * @param {Look} look
 * @returns {import("./boxes.js").Box[]} where they are; none where nothing is drawn
 */
function drawScores(context, { unit, font, ...picture }, { box, scores }, { labels }) {
  if (scores === null || scores.length !== labels.length) return [];
  context.font = `${SMALL_FONT_PX * unit}px ${font}`;
  const measure = (/** @type {string} */ one) => context.measureText(one).width;
  const texts = labels.map(({ label }) => measure(label));
  const { rows, barWide, barHigh, textWide, place } = barsBeside(box, picture, texts, unit);
  rows.forEach(({ x, y, textX }, at) => {
    context.fillStyle = BEHIND_BARS;
    context.fillRect(x, y - barHigh / 2, barWide, barHigh);
    context.fillStyle = labels[at].colour;
    context.fillRect(x, y - barHigh / 2, barWide * scores[at], barHigh);
    drawOutlined(context, fitted(labels[at].label, textWide, measure), { x: textX, y, unit });
  });
  return [place];
}

/**
 * White with a black edge: readable on any picture.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {{x: number, y: number, unit: number}} place
 */
function drawOutlined(context, text, { x, y, unit }) {
  context.save();
  context.lineWidth = 3 * unit;
  context.strokeStyle = "#000000";
  context.fillStyle = WHITE;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
  context.restore();
}
