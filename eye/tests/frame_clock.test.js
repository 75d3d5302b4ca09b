import assert from "node:assert/strict";
import { test } from "node:test";

import { FrameClock } from "../src/frame_clock.js";
import { Pace } from "../src/pace.js";

test("times begin at 0 and follow the camera's timestamps, not their arrival", () => {
  const clock = new FrameClock();
  assert.equal(clock.arrived(5000, 10), 0);
  assert.ok(Math.abs(clock.arrived(5000.1, 10.25) - 0.1) < 1e-9);
  assert.ok(Math.abs(clock.arrived(5000.2, 10.26) - 0.2) < 1e-9);
});

test("a camera that is plugged in again goes on by the monotonic clock", () => {
  const clock = new FrameClock();
  clock.arrived(5000, 10);
  clock.arrived(5001, 11);
  assert.ok(Math.abs(clock.arrived(3, 15) - 5) < 1e-9);
  assert.ok(Math.abs(clock.arrived(3.1, 15.1) - 5.1) < 1e-9);
});

test("a timestamp that jumped ahead by a day is no day", () => {
  const clock = new FrameClock();
  clock.arrived(0, 10);
  assert.ok(Math.abs(clock.arrived(86_400, 11) - 1) < 1e-9);
});

test("times ascend strictly, whatever comes", () => {
  const clock = new FrameClock();
  let last = -1;
  for (const [sent, now] of [[1, 1], [1, 1], [0.5, 1], [9, 1.1], [9, 1.1], [-4, 1.2], [70, 80]]) {
    const time = clock.arrived(sent, now);
    assert.ok(time > last);
    last = time;
  }
});

test("ten of thirty frames a second are read, and all of ten", () => {
  assert.equal(readOf(30, 10), 100);
  assert.equal(readOf(10, 10), 100);
  assert.equal(readOf(5, 10), 50);
  assert.ok(Math.abs(readOf(25, 10) - 100) <= 1);
});

function readOf(cameraPerS, wantedPerS, seconds = 10) {
  const pace = new Pace(wantedPerS);
  let read = 0;
  for (let frame = 0; frame < cameraPerS * seconds; frame++) read += pace.takes(frame / cameraPerS);
  return read;
}
