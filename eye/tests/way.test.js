import assert from "node:assert/strict";
import { test } from "node:test";

import { chooseWay } from "../src/way.js";

const ABLE = { secure: true, camera: true, wasm: true, webgl: true, frames: true, workerWebgl: true };

test("a worker reads wherever it gets frames and WebGL", () => {
  assert.deepEqual(chooseWay(ABLE), { way: "worker", obstacle: "" });
});

test("the page reads where a worker gets no frames or has no WebGL", () => {
  assert.equal(chooseWay({ ...ABLE, frames: false }).way, "page");
  assert.equal(chooseWay({ ...ABLE, workerWebgl: false }).way, "page");
});

test("what cannot be done here is named", () => {
  const cases = {
    insecure: { secure: false },
    no_camera_access: { camera: false },
    no_wasm: { wasm: false },
    no_webgl: { webgl: false, workerWebgl: false },
  };
  for (const [obstacle, lacking] of Object.entries(cases)) {
    assert.deepEqual(chooseWay({ ...ABLE, ...lacking }), { way: "server", obstacle });
  }
});
