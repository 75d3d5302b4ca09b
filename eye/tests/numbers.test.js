import assert from "node:assert/strict";
import { test } from "node:test";

import { sameFaces } from "../src/boxes.js";
import { FaceNumbers, knownRowOf } from "../src/numbers.js";

const LEFT = [10, 10, 110, 110];
const RIGHT = [300, 10, 400, 110];
const moved = ([left, top, right, bottom], by) => [left + by, top, right + by, bottom];
const numberOf = (known) => known?.number ?? null;
const row = (timeS, ...faces) =>
  knownRowOf({ time_s: timeS, faces: faces.map(([number, box]) => ({ number, box, scores: null })) });

test("the nearest boxes are of the same face, whatever their order", () => {
  assert.deepEqual(sameFaces([RIGHT, LEFT], [moved(LEFT, 20), moved(RIGHT, 5)]), [1, 0]);
  assert.deepEqual(sameFaces([LEFT, moved(LEFT, 10)], [moved(LEFT, 8)]), [-1, 0]);
  assert.deepEqual(sameFaces([LEFT], [RIGHT]), [-1]);
  assert.deepEqual(sameFaces([LEFT], []), [-1]);
});

test("a face has no number until the server gave one, and then its own, also where it moved", () => {
  const numbers = new FaceNumbers();
  assert.deepEqual(numbers.follow([LEFT, RIGHT], 0), [null, null]);
  numbers.follow([moved(LEFT, 20), RIGHT], 0.5);
  numbers.learn(row(0, [2, LEFT], [1, RIGHT]));
  const known = numbers.follow([RIGHT, moved(LEFT, 40)], 1);
  assert.deepEqual(known.map(numberOf), [1, 2]);
});

test("a face that the server did not number has none, though another has", () => {
  const numbers = new FaceNumbers();
  numbers.follow([LEFT, RIGHT], 0);
  numbers.learn(row(0, [1, RIGHT]));
  assert.deepEqual(numbers.follow([LEFT, RIGHT], 0.1).map(numberOf), [null, 1]);
});

test("a number is of one face: the one that the server named last", () => {
  const numbers = new FaceNumbers();
  numbers.follow([LEFT], 0);
  numbers.learn(row(0, [1, LEFT]));
  numbers.follow([LEFT, RIGHT], 1);
  numbers.learn(row(1, [1, RIGHT], [2, LEFT]));
  assert.deepEqual(numbers.follow([LEFT, RIGHT], 1.1).map(numberOf), [2, 1]);
});

test("a face that was gone for more than two seconds, or jumped, has no number", () => {
  const numbers = new FaceNumbers();
  numbers.follow([LEFT], 0);
  numbers.learn(row(0, [1, LEFT]));
  assert.deepEqual(numbers.follow([RIGHT], 0.1).map(numberOf), [null]);
  assert.deepEqual(numbers.follow([LEFT], 2).map(numberOf), [1]);
  assert.deepEqual(numbers.follow([LEFT], 4.1).map(numberOf), [null]);
});

test("an answer about a row that is not known, or with other boxes, says nothing", () => {
  const numbers = new FaceNumbers();
  numbers.follow([LEFT], 0);
  numbers.learn(row(7, [1, LEFT]));
  assert.deepEqual(numbers.follow([LEFT], 0.1).map(numberOf), [null]);
  numbers.learn(row(0.1, [1, moved(LEFT, 1)]));
  assert.deepEqual(numbers.follow([LEFT], 0.2).map(numberOf), [null]);
});

test("what an answer says is taken only where it makes sense", () => {
  for (const said of [undefined, null, "text", {}, { time_s: 1 }, { time_s: "1", faces: [] }]) {
    assert.equal(knownRowOf(said), null);
  }
  const good = { number: 1, box: LEFT, scores: [0.5, 0.5] };
  const bad = [
    null,
    { ...good, number: "<b>1</b>" },
    { ...good, number: 0 },
    { ...good, box: [1, 2, 3] },
    { ...good, box: [1, 2, 3, null] },
    { ...good, scores: ["0.5"] },
    { ...good, scores: undefined },
  ];
  assert.deepEqual(knownRowOf({ time_s: 1, faces: [...bad, good] }), {
    timeS: 1,
    faces: [{ ...good, timeS: 1 }],
  });
});
