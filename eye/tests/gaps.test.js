import assert from "node:assert/strict";
import { test } from "node:test";

import { GapWatch } from "../src/gaps.js";

test("frames that follow each other leave no gap", () => {
  const gaps = new GapWatch();
  assert.equal(gaps.read(5), null);
  assert.equal(gaps.read(5.1), null);
  assert.equal(gaps.read(7), null);
});

test("what was not measured while the tab was hidden is a gap with that reason", () => {
  const gaps = new GapWatch();
  gaps.read(1);
  gaps.setHidden(true);
  assert.equal(gaps.state, "hidden");
  gaps.setHidden(false);
  assert.equal(gaps.state, "reading");
  assert.deepEqual(gaps.read(9), { begin_s: 1, end_s: 9, reason: "hidden" });
  assert.deepEqual(gaps.read(20), { begin_s: 9, end_s: 20, reason: "asleep" });
});

test("a camera that gives nothing is said to be off, hidden or not", () => {
  const gaps = new GapWatch();
  gaps.read(1);
  gaps.setHidden(true);
  gaps.setMuted(true);
  assert.equal(gaps.state, "no_camera");
  assert.equal(gaps.read(30)?.reason, "camera_off");
});
