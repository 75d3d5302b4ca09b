import assert from "node:assert/strict";
import { test } from "node:test";

import { Labeller, mergedScores, reasonOf, scoresOf } from "../src/shown.js";
import { aFace } from "./support.js";

const LIMITS = {
  size_px: 30,
  darkest: 0.15,
  brightest: 0.88,
  sharpness: 0.05,
  turn_deg: 40,
  inverted_deg: 120,
};
const READING = {
  labels: ["Angry", "Happy", "Neutral"],
  colours: ["#111111", "#222222", "#333333"],
  outputs: [0, 1, 2],
  merged_into: [0, 1, 2],
  temperature: 1,
  not_sure_below: 0.5,
  half_life_s: 0.3,
  forget_after_s: 2,
  limits: LIMITS,
  reasons: { too_dark: "Too dark" },
  not_sure: "Not sure",
};

test("scores are a softmax at the model's temperature, in the order of its labels", () => {
  const scores = scoresOf([0, Math.log(3) * 2], { outputs: [1, 0], temperature: 2 });
  assert.ok(Math.abs(scores[0] - 0.75) < 1e-12);
  assert.ok(Math.abs(scores[1] - 0.25) < 1e-12);
});

test("classes of one label are summed, and those without a label are left out", () => {
  const merged = mergedScores([0.2, 0.3, 0.1, 0.4], { labels: ["A", "B"], merged_into: [0, 1, 0, -1] });
  assert.deepEqual(merged.map((score) => Math.round(score * 1000)), [500, 500]);
});

test("a face is unusable for the first reason that holds", () => {
  assert.equal(reasonOf(aFace(), LIMITS), "");
  assert.equal(reasonOf(aFace({ box: [0, 0, 29, 80], brightness: 0 }), LIMITS), "too_small");
  assert.equal(reasonOf(aFace({ brightness: 0.1 }), LIMITS), "too_dark");
  assert.equal(reasonOf(aFace({ brightness: 0.9 }), LIMITS), "too_bright");
  assert.equal(reasonOf(aFace({ blur: 0.01 }), LIMITS), "blurred");
  assert.equal(reasonOf(aFace({ pose: [0, -41, 0] }), LIMITS), "turned_away");
  assert.equal(reasonOf(aFace({ pose: [0, 0, 170] }), LIMITS), "upside_down");
});

test("a label is the smoothed one: after a half-life the earlier scores count half", () => {
  const labeller = new Labeller(READING);
  labeller.label([aFace({ outputs: [0, 50, 0] })], 0, []);
  const [shown] = labeller.label([aFace({ outputs: [0, 0, 50] })], 0.3, []);
  assert.equal(shown.text, "Happy 50 %");
  const [later] = labeller.label([aFace({ outputs: [0, 0, 50] })], 0.6, []);
  assert.equal(later.text, "Neutral 75 %");
});

test("another face is not smoothed with the first one", () => {
  const labeller = new Labeller(READING);
  labeller.label([aFace({ outputs: [0, 50, 0] })], 0, []);
  const [shown] = labeller.label([aFace({ box: [0, 0, 90, 90], outputs: [50, 0, 0] })], 0.1, []);
  assert.equal(shown.text, "Angry 100 %");
});

test("scores under the model's limit are shown as not sure, unusable faces with their reason", () => {
  const labeller = new Labeller(READING);
  const [unsure, dark] = labeller.label(
    [aFace({ outputs: [0, 0, 0] }), aFace({ brightness: 0.1, box: [0, 0, 90, 90] })],
    0,
    [],
  );
  assert.deepEqual([unsure.text, unsure.usable], ["Not sure", true]);
  assert.deepEqual([dark.text, dark.usable], ["Too dark", false]);
});

test("a face has the number that the server gave it, and none until then", () => {
  const labeller = new Labeller(READING);
  const faces = [aFace({ outputs: [0, 50, 0] }), aFace({ brightness: 0.1, box: [0, 0, 90, 90] })];
  const [first, second] = labeller.label(faces, 0, [null, { number: 3, box: faces[1].box, scores: null, timeS: 0 }]);
  assert.deepEqual([first.number, second.number], [null, 3]);
});

test("all scores are those of the labels, and an unusable face has none", () => {
  const labeller = new Labeller({ ...READING, labels: ["A", "B"], merged_into: [0, 1, 0] });
  const [merged, dark] = labeller.label(
    [aFace({ outputs: [0, 0, 0] }), aFace({ brightness: 0.1, box: [0, 0, 90, 90] })],
    0,
    [],
  );
  assert.deepEqual(merged.scores?.map((score) => Math.round(score * 3)), [2, 1]);
  assert.equal(dark.scores, null);
});

test("with measures alone nothing is said of a usable face, and why of another", () => {
  const labeller = new Labeller({ ...READING, labels: [], colours: [], merged_into: null });
  const [usable, dark] = labeller.label(
    [aFace(), aFace({ brightness: 0.1, box: [0, 0, 90, 90] })],
    0,
    [],
  );
  assert.deepEqual([usable.text, usable.scores, usable.usable], ["", null, true]);
  assert.deepEqual([dark.text, dark.usable], ["Too dark", false]);
});

test("labels that do not follow from a frame are shown as the server answered, while it is new", () => {
  const labeller = new Labeller({ ...READING, merged_into: null });
  const known = [{ number: 1, box: aFace().box, scores: [0.1, 0.2, 0.7], timeS: 1 }];
  const [shown] = labeller.label([aFace()], 2, known);
  assert.equal(shown.text, "Neutral 70 %");
  assert.deepEqual(shown.scores, [0.1, 0.2, 0.7]);
  const [old] = labeller.label([aFace()], 7, known);
  assert.deepEqual([old.text, old.scores], ["", null]);
  const [other] = labeller.label([aFace()], 2, [{ ...known[0], scores: [0.5, 0.5] }]);
  assert.equal(other.scores, null);
});
