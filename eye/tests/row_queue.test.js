import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_ROWS, OLDEST_S, RowQueue } from "../src/row_queue.js";
import { aFace, aRow } from "./support.js";

test("rows leave in order, each once", () => {
  const queue = new RowQueue();
  [0, 0.1, 0.2].forEach((timeS) => queue.push(aRow(timeS)));
  assert.deepEqual(timesOf(queue.take()), [0, 0.1, 0.2]);
  assert.deepEqual(timesOf(queue.take()), []);
});

test("a message holds at most 100 rows and less than 65,536 bytes", () => {
  const queue = new RowQueue();
  const faces = [aFace({ blendshapes: new Array(52).fill(1000) }), aFace()];
  for (let number = 0; number < 500; number++) queue.push(aRow(number / 10, { faces }));
  const sizes = [];
  while (queue.waiting > 0) {
    const { rows } = queue.take();
    sizes.push(rows.length);
    assert.ok(rows.join(",").length < 65_000);
  }
  assert.ok(Math.max(...sizes) <= 100);
  assert.equal(sizes.reduce((one, other) => one + other), 500);
});

test("a full queue drops its oldest rows, tells how many, and leaves a gap in their place", () => {
  const queue = new RowQueue();
  for (let number = 0; number < MOST_ROWS + 5; number++) queue.push(aRow(number / 100));
  assert.equal(queue.waiting, MOST_ROWS);
  assert.equal(queue.dropped, 5);
  const { gaps, dropped, rows } = queue.take();
  assert.deepEqual(gaps, [{ begin_s: 0, end_s: 0.05, reason: "dropped" }]);
  assert.equal(dropped, 5);
  assert.equal(JSON.parse(rows[0]).time_s, 0.05);
});

test("rows that waited too long are dropped", () => {
  const queue = new RowQueue();
  queue.push(aRow(0));
  queue.push(aRow(1));
  queue.push(aRow(OLDEST_S + 0.5));
  assert.equal(queue.dropped, 1);
  assert.deepEqual(timesOf(queue.take()), [1, OLDEST_S + 0.5]);
});

test("rows that are put back before dropped ones leave the gap where those are missing", () => {
  const queue = new RowQueue();
  queue.push(aRow(90));
  queue.push(aRow(90 + OLDEST_S + 1)); // drops the one before
  queue.putBack([84, 85].map((timeS) => JSON.stringify(aRow(timeS))), 0);
  const { gaps } = queue.take();
  assert.deepEqual(gaps, [{ begin_s: 90, end_s: 90 + OLDEST_S + 1, reason: "dropped" }]);
});

test("dropped rows after which none came leave their gap to a later message", () => {
  const queue = new RowQueue();
  queue.push(aRow(90));
  queue.push(aRow(90 + OLDEST_S + 1));
  queue.putBack([], 90 + OLDEST_S + 1);
  queue.putBack([JSON.stringify(aRow(84))], 0);
  assert.deepEqual(queue.take().gaps, []);
  queue.push(aRow(400));
  assert.deepEqual(queue.take().gaps, [{ begin_s: 90, end_s: 400, reason: "dropped" }]);
});

function timesOf({ rows }) {
  return rows.map((row) => JSON.parse(row).time_s);
}
