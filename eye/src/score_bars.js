/** Where the scores of all labels are drawn beside a face. */

import { overlapOf } from "./boxes.js";

/** @typedef {import("./boxes.js").Box} Box */

/**
 * @typedef {object} BarRow one label's place
 * @property {number} x left of the bar
 * @property {number} y middle of the row
 * @property {number} textX left of the text
 */

/**
 * @typedef {object} Bars
 * @property {BarRow[]} rows as many as there is room for
 * @property {number} barWide
 * @property {number} barHigh
 * @property {number} textWide room for each text
 * @property {Box} place of all of it
 */

export const ROW_PX = 15;
const TEXT_AT_MOST_PX = 90;
const BAR_WIDE_PX = 56;
const BAR_HIGH_PX = 9;
const GAP_PX = 6;

/**
 * To the right of a box, else to its left, else where the picture ends; always inside the picture, and
 * beside the scores of other faces where there is room.
 *
 * @param {Box} box
 * @param {{width: number, height: number, taken: readonly Box[]}} picture and where scores are already
 * @param {readonly number[]} texts how wide that of each label is
 * @param {number} unit pixels of the frame in one on the screen
 * @returns {Bars}
 */
export function barsBeside(box, picture, texts, unit) {
  const [barWide, gap, row] = [BAR_WIDE_PX * unit, GAP_PX * unit, ROW_PX * unit];
  const textWide = Math.min(Math.max(...texts), TEXT_AT_MOST_PX * unit);
  const fits = Math.max(0, Math.min(texts.length, Math.floor(picture.height / row)));
  const size = { wide: barWide + gap + textWide, high: fits * row };
  const place = freePlace(box, picture, size, gap);
  const [x, y] = place;
  const textX = x + barWide + gap;
  return {
    rows: Array.from({ length: fits }, (_, at) => ({ x, y: y + (at + 0.5) * row, textX })),
    barWide,
    barHigh: BAR_HIGH_PX * unit,
    textWide,
    place,
  };
}

/**
 * @param {Box} box
 * @param {{width: number, height: number, taken: readonly Box[]}} picture
 * @param {{wide: number, high: number}} size
 * @param {number} gap
 * @returns {Box}
 */
function freePlace([left, top, right], { width, height, taken }, { wide, high }, gap) {
  const beside = [right + gap, left - gap - wide].filter((x) => x >= 0 && x + wide <= width);
  const columns = [...beside, Math.max(0, width - wide), 0];
  const inside = Math.min(Math.max(top, 0), height - high);
  const lines = taken.flatMap(([, upper, , lower]) => [lower, upper - high]);
  const rows = [inside, ...lines.filter((y) => y >= 0 && y + high <= height)];
  const places = columns.flatMap((x) =>
    rows.map((y) => /** @type {Box} */ ([x, y, x + wide, y + high])),
  );
  const isFree = (/** @type {Box} */ place) => taken.every((other) => overlapOf(place, other) === 0);
  return places.find(isFree) ?? places[0];
}
