import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, eyesAndMouthOf, lipGapOf, pointsOf, poseOf } from "../src/landmarks.js";
import { golden } from "./support.js";

for (const { matrix, yaw, pitch, roll } of golden.poses) {
  test(`a head at yaw ${yaw.toFixed(0)}, pitch ${pitch.toFixed(0)}, roll ${roll.toFixed(0)} has these angles`, () => {
    const found = poseOf(matrix);
    [yaw, pitch, roll].forEach((angle, place) => assert.ok(Math.abs(found[place] - angle) < 1e-9));
  });
}

test("box, eyes, mouth and lips are those that Python finds in the same landmarks", () => {
  const { landmarks, width, height, box, eyes_and_mouth, lip_gap } = golden.landmarks;
  const points = pointsOf(landmarks.map(([x, y]) => ({ x, y })), width, height);
  assert.deepEqual(boxOf(points), box);
  assert.deepEqual(eyesAndMouthOf(points), eyes_and_mouth);
  assert.ok(Math.abs(lipGapOf(points) - lip_gap) < 1e-6);
});
