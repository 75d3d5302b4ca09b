import assert from "node:assert/strict";
import { test } from "node:test";

import { overlapOf } from "../src/boxes.js";
import { drawOverlay, fitted, textOf } from "../src/overlay.js";
import { ROW_PX, barsBeside } from "../src/score_bars.js";

const FRAME = { width: 640, height: 480, taken: [] };
const TEXTS = [30, 40, 50, 50, 20, 45, 44];
const LOOK = {
  style: "quiet",
  faces: ["#00000A", "#00000B"],
  unusable: "#777777",
  labels: [
    { label: "Happy", colour: "#0000AA" },
    { label: "<b>Sad</b>", colour: "#0000BB" },
  ],
};
const FACE = { box: [100, 100, 200, 220], usable: true, number: 2, text: "Happy 80 %", scores: [0.8, 0.2] };

/** What a canvas is told to draw. */
class Drawn {
  texts = [];
  rectangles = [];
  strokes = [];
  measureText(text) {
    return { width: text.length * 7 };
  }
  fillText(text, x, y) {
    this.texts.push({ text, x, y });
  }
  strokeText() {}
  fillRect(x, y, width, height) {
    this.rectangles.push({ x, y, width, height, colour: this.fillStyle });
  }
  strokeRect() {
    this.strokes.push(this.strokeStyle);
  }
  beginPath() {}
  moveTo() {}
  lineTo() {}
  stroke() {}
  save() {}
  restore() {}
}

function drawn(faces, look = {}, unit = 1) {
  const context = new Drawn();
  drawOverlay(context, { ...FRAME, unit, font: "serif" }, faces, { ...LOOK, ...look });
  return context;
}

const written = (context) => context.texts.map(({ text }) => text);

test("a label is the number and the text; without a number, the text alone", () => {
  assert.equal(textOf(FACE, LOOK), "2  Happy 80 %");
  assert.equal(textOf({ ...FACE, number: null }, LOOK), "Happy 80 %");
  assert.equal(textOf({ ...FACE, text: "" }, LOOK), "2");
  assert.equal(textOf(FACE, { ...LOOK, style: "presence" }), "2");
});

test("a face has the colour of its number, and that of no face until it is known", () => {
  assert.deepEqual(drawn([FACE]).strokes, ["#00000B"]);
  assert.deepEqual(drawn([{ ...FACE, number: 3 }]).strokes, ["#00000A"]);
  assert.deepEqual(drawn([{ ...FACE, number: null }]).strokes, ["#777777"]);
});

test("all scores are drawn in the full style alone, each with its label", () => {
  assert.deepEqual(written(drawn([FACE])), ["2  Happy 80 %"]);
  const full = drawn([FACE], { style: "full" });
  assert.deepEqual(written(full), ["Happy", "<b>Sad</b>", "2  Happy 80 %"]);
  const [happy] = full.rectangles.filter(({ colour }) => colour === "#0000AA");
  const [behind] = full.rectangles;
  assert.ok(Math.abs(happy.width - 0.8 * behind.width) < 1e-9);
});

test("a face without scores has no bars, and scores of other labels are not drawn", () => {
  assert.deepEqual(written(drawn([{ ...FACE, scores: null }], { style: "full" })), ["2  Happy 80 %"]);
  assert.deepEqual(written(drawn([{ ...FACE, scores: [1] }], { style: "full" })), ["2  Happy 80 %"]);
});

test("nothing is drawn in the style of a pause", () => {
  const context = drawn([FACE], { style: "none" });
  assert.deepEqual([context.texts, context.strokes, context.rectangles], [[], [], []]);
});

test("a label lies inside the picture, also where its box does not, and a long one is cut", () => {
  for (const box of [
    [-50, -40, 80, 90],
    [600, 470, 700, 600],
  ]) {
    const [label] = drawn([{ ...FACE, box }]).rectangles;
    assert.ok(label.x >= 0 && label.x + label.width <= FRAME.width);
    assert.ok(label.y >= 0 && label.y + label.height <= FRAME.height);
  }
  const [long] = drawn([{ ...FACE, text: "x".repeat(500) }]).rectangles;
  assert.ok(long.width <= FRAME.width);
});

test("a text is cut to the longest beginning that fits", () => {
  const measure = (text) => [...text].length;
  assert.equal(fitted("Happy", 5, measure), "Happy");
  assert.equal(fitted("Surprise", 5, measure), "Surp…");
  assert.equal(fitted("🙂🙂🙂", 2, measure), "🙂…");
  assert.equal(fitted("Happy", 0, measure), "…");
});

test("bars lie beside the box where there is room: to the right, else to the left", () => {
  const right = barsBeside([100, 100, 200, 220], FRAME, TEXTS, 1);
  assert.equal(right.rows[0].x, 206);
  const left = barsBeside([400, 100, 560, 220], FRAME, TEXTS, 1);
  assert.equal(left.rows[0].textX + 50, 394);
  const wide = barsBeside([400, 100, 560, 220], FRAME, [10, 5_000], 1);
  assert.equal(wide.rows[0].textX + wide.textWide, 394);
  assert.ok(wide.rows[0].x > 200);
});

test("bars of two faces lie beside each other's, not on them", () => {
  const first = barsBeside([150, 100, 380, 330], FRAME, TEXTS, 1);
  const second = barsBeside([520, 120, 640, 330], { ...FRAME, taken: [first.place] }, TEXTS, 1);
  assert.equal(overlapOf(first.place, second.place), 0);
  assert.ok(second.place[2] < 520);
  const crowded = { ...FRAME, taken: [[0, 0, 640, 480]] };
  assert.deepEqual(barsBeside([100, 100, 200, 220], crowded, TEXTS, 1).place.slice(0, 2), [206, 100]);
});

test("bars lie inside the picture, also beside a face that fills it, and as many as fit", () => {
  for (const unit of [0.8, 1, 1.8]) {
    for (const box of [
      [-20, -30, 700, 500],
      [100, 440, 200, 600],
      [300, -200, 620, 20],
    ]) {
      const { rows, textWide } = barsBeside(box, FRAME, TEXTS, unit);
      assert.equal(rows.length, 7);
      for (const { x, y, textX } of rows) {
        assert.ok(x >= 0 && textX + textWide <= FRAME.width + 1e-9);
        assert.ok(y - (ROW_PX * unit) / 2 >= -1e-9 && y + (ROW_PX * unit) / 2 <= FRAME.height + 1e-9);
      }
    }
  }
  assert.equal(barsBeside([0, 0, 9, 9], { ...FRAME, height: 60 }, TEXTS, 1).rows.length, 4);
});
