/** Where the scores of all labels are drawn beside a face. */

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
 * @property {number} textWide
 */

export const WIDE_PX = 136;
export const ROW_PX = 15;
const BAR_WIDE_PX = 56;
const BAR_HIGH_PX = 9;
const GAP_PX = 6;

/**
 * To the right of a box, else to its left, else where the picture ends; always inside the picture.
 *
 * @param {Box} box
 * @param {{width: number, height: number}} frame
 * @param {number} count of the labels
 * @param {number} unit pixels of the frame in one on the screen
 * @returns {Bars}
 */
export function barsBeside([left, top, right], { width, height }, count, unit) {
  const [wide, gap, row] = [WIDE_PX * unit, GAP_PX * unit, ROW_PX * unit];
  const fits = Math.max(0, Math.min(count, Math.floor(height / row)));
  const isRight = right + gap + wide <= width;
  const isLeft = left - gap - wide >= 0;
  const x = isRight ? right + gap : isLeft ? left - gap - wide : Math.max(0, width - wide);
  const y = Math.min(Math.max(top, 0), height - fits * row);
  const textX = x + BAR_WIDE_PX * unit + gap;
  return {
    rows: Array.from({ length: fits }, (_, at) => ({ x, y: y + (at + 0.5) * row, textX })),
    barWide: BAR_WIDE_PX * unit,
    barHigh: BAR_HIGH_PX * unit,
    textWide: x + wide - textX,
  };
}
