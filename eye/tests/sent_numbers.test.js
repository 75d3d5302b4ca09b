import assert from "node:assert/strict";
import { test } from "node:test";

import { withoutExpression } from "../src/face.js";
import { SentNumbers, keptLinesOf, linesOf, secondOf } from "../src/sent_numbers.js";
import { aFace, aRow } from "./support.js";

const WORDS = {
  names: {
    message: "Message",
    faces: "Faces",
    head: "Head",
    quality: "Quality",
    shapes: "Shapes",
    outputs: "Outputs",
    gaps: "Not measured",
  },
  values: {
    message: "{number}: {readings} readings, {bytes} bytes",
    head: "{yaw} {pitch} {roll}",
    quality: "{light} {sharp}",
    count: "{count} numbers",
    none: "not sent",
    gaps: "{seconds} s",
    share: "{share} %",
  },
  shares: { present: "Present", facing: "Facing" },
  labels: ["Happy", "Sad"],
};

function bodyOf(rows) {
  return JSON.stringify({ version: 1, sequence: 6, state: "reading", gaps: [], rows });
}

test("what is shown of a message are its own numbers, of the last reading", () => {
  const body = bodyOf([aRow(1), aRow(1.2, { faces: [aFace({ pose: [-11.6, 4.2, 0.4] })] })]);
  assert.deepEqual(linesOf(body, 0, WORDS), [
    { name: "Message", value: `7: 2 readings, ${body.length} bytes` },
    { name: "Faces", value: "1" },
    { name: "Head", value: "-12 4 0" },
    { name: "Quality", value: "0.50 0.30" },
    { name: "Shapes", value: "52 numbers" },
    { name: "Outputs", value: "7 numbers" },
  ]);
});

test("a face without expression has neither shapes, lip gap nor outputs, and it is said so", () => {
  const face = withoutExpression(aFace({ pose: [1, 2, 3] }));
  assert.deepEqual(face, { ...aFace(), blendshapes: [], lip_gap: 0, outputs: null });
  const lines = linesOf(bodyOf([aRow(1, { faces: [face] })]), 0, WORDS);
  assert.deepEqual(lines.filter(({ value }) => value === "not sent").map(({ name }) => name), [
    "Shapes",
    "Outputs",
  ]);
});

test("a message without a face says so, and gaps are not measured", () => {
  const lines = linesOf(bodyOf([aRow(1, { faces: [] })]), 33.6, WORDS);
  assert.deepEqual(lines.slice(1), [
    { name: "Faces", value: "0" },
    { name: "Shapes", value: "not sent" },
    { name: "Outputs", value: "not sent" },
    { name: "Not measured", value: "34 s" },
  ]);
});

test("a message without readings is shown as one", () => {
  const [message, faces] = linesOf(bodyOf([]), 0, WORDS);
  assert.match(message.value, /^7: 0 readings/);
  assert.equal(faces.value, "0");
});

test("what the class keeps is read off the answer; what it does not measure is left out", () => {
  const second = secondOf({ second: 41, facing: 0.456, present: 1, unnamed: 1, expression: null });
  assert.deepEqual(keptLinesOf(second, WORDS), [
    { name: "Present", value: "100 %" },
    { name: "Facing", value: "46 %" },
  ]);
});

test("an answer without a second says nothing of one", () => {
  for (const said of [undefined, null, 3, "text", [], {}, { second: "1" }, { present: 1 }]) {
    assert.deepEqual(keptLinesOf(secondOf(said), WORDS), []);
  }
});

test("scores of a second have the names of the class' labels", () => {
  const second = secondOf({ second: 1, scores: [0.7, "text"] });
  assert.deepEqual(keptLinesOf(second, WORDS), [{ name: "Happy", value: "70 %" }]);
});

/** As much of a page as the panel needs. */
class FakeElement {
  children = [];
  dataset = {};
  hidden = false;
  textContent = "";
  isConnected = true;

  setAttribute() {}

  replaceChildren(...children) {
    this.children = children;
  }

  get childElementCount() {
    return this.children.length;
  }
}

const BADGE = { on: "On", late: "Late", hidden: "Hidden", no_camera: "No camera", stopped: "" };
const PANEL = { ...WORDS, badge: BADGE, sent: "Sent", kept: "Kept", whole: "All", nothing: "Nothing yet" };

function aPanel() {
  globalThis.document = { createElement: () => new FakeElement() };
  return new SentNumbers();
}

function isShown({ badge, root }) {
  return [badge.hidden ? null : badge.textContent, !root.hidden];
}

test("the badge is on from the first message that was taken, and gone with what reads", () => {
  const panel = aPanel();
  panel.begin("one", PANEL);
  assert.deepEqual(isShown(panel), [null, false]);
  panel.draw({ body: bodyOf([aRow(1)]), second: null });
  assert.deepEqual(isShown(panel), ["On", true]);
  assert.equal(panel.body.textContent, bodyOf([aRow(1)]));
  panel.begin("", PANEL);
  assert.deepEqual(isShown(panel), [null, false]);
  panel.begin("one", PANEL); // the page draws its element again
  assert.deepEqual(isShown(panel), [null, false]);
});

test("the badge says what is not measured, and when the server does not answer", () => {
  const panel = aPanel();
  panel.begin("one", PANEL);
  for (const [state, words] of [["hidden", "Hidden"], ["no_camera", "No camera"], ["reading", "On"]]) {
    panel.draw({ body: bodyOf([]).replace("reading", state), second: null });
    assert.equal(isShown(panel)[0], words);
  }
  panel.setLate(true);
  assert.equal(isShown(panel)[0], "Late");
  panel.setLate(false);
  assert.equal(isShown(panel)[0], "On");
});

test("without words no number is shown, as on the page of the camera", () => {
  const panel = aPanel();
  panel.begin("one", null);
  panel.draw({ body: bodyOf([aRow(1)]), second: null });
  assert.deepEqual(isShown(panel), [null, false]);
});

test("seconds of all gaps are added up until another start", () => {
  const panel = aPanel();
  const gap = { begin_s: 1, end_s: 5, reason: "hidden" };
  const body = JSON.stringify({ version: 1, sequence: 0, state: "reading", gaps: [gap], rows: [] });
  const lines = () => panel.sent.children.map(({ textContent }) => textContent);
  panel.begin("one", PANEL);
  panel.draw({ body, second: null });
  panel.draw({ body, second: null });
  assert.deepEqual(lines().slice(-2), ["Not measured", "8 s"]);
  panel.begin("two", PANEL);
  panel.draw({ body, second: null });
  assert.deepEqual(lines().slice(-2), ["Not measured", "4 s"]);
});
