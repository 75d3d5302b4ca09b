import assert from "node:assert/strict";
import { test } from "node:test";

import { greyCrop, uprightSimilarity } from "../src/crop.js";
import { brightness, sharpness } from "../src/quality.js";
import { golden, patternPicture } from "./support.js";

const picture = patternPicture(golden.picture);

for (const { name, eyes_and_mouth, size_px, interpolation, luma } of golden.crops) {
  test(`${name} is cut out to the pixel as Python cuts it out`, () => {
    const similarity = uprightSimilarity(eyes_and_mouth, size_px);
    const crop = greyCrop(picture, similarity, size_px, interpolation);
    assert.deepEqual(
      Array.from(crop, (value) => Math.round(value * 255)),
      Array.from(Buffer.from(luma, "base64")),
    );
  });
}

for (const { name, eyes_and_mouth, ...expected } of golden.qualities) {
  test(`${name} is as bright and as sharp as Python measures it`, () => {
    const face = greyCrop(picture, uprightSimilarity(eyes_and_mouth, 48), 48);
    assert.ok(Math.abs(brightness(face) - expected.brightness) < 1e-5);
    assert.ok(Math.abs(sharpness(face) / expected.sharpness - 1) < 1e-4);
  });
}

test("a face of one colour has no sharpness", () => {
  assert.equal(sharpness(new Float32Array(48 * 48).fill(0.5)), 0);
});
