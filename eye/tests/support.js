/** What several tests use. */

import { readFileSync } from "node:fs";

/** What Python computes of the same pictures and matrices: tests/eye_golden.py writes it. */
export const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/browser_eye.json", import.meta.url), "utf-8"),
);

/** A picture that both languages make by whole numbers alone. */
export function patternPicture({ width, height }, channels = 4) {
  const data = new Uint8ClampedArray(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = (3 * x * x + 5 * y * y + 7 * (channel + 1) * x * y) >> 8;
        data[(y * width + x) * channels + channel] = value & 255;
      }
    }
  }
  return { data, width, height, channels };
}

export function aFace(changes = {}) {
  return {
    box: [200, 100, 360, 300],
    confidence: null,
    pose: [1, 2, 3],
    blendshapes: new Array(52).fill(0),
    lip_gap: 0.01,
    brightness: 0.5,
    blur: 0.3,
    outputs: [0, 0, 0, 2, 0, 0, 1],
    ...changes,
  };
}

export function aRow(timeS, changes = {}) {
  const size = { width_px: 640, height_px: 480 };
  return { time_s: timeS, frame_index: 0, ...size, latency_ms: 30, faces: [aFace()], ...changes };
}
