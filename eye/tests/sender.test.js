import assert from "node:assert/strict";
import { test } from "node:test";

import { backoffS } from "../src/backoff.js";
import { RowQueue } from "../src/row_queue.js";
import { Sender, outcomeOf } from "../src/sender.js";
import { aRow } from "./support.js";

/** A server that answers as told, and a clock that stands still. */
class Bench {
  messages = [];
  bodies = [];
  tokens = [];
  pauses = [];
  told = [];
  state = "reading";
  nowS = 12.5;
  queue = new RowQueue();

  /** @param {Array<number | object>} answers statuses, or whole answers; afterwards all is stored */
  constructor(answers = []) {
    this.answers = [...answers];
    this.sender = new Sender(this.queue, "secret", () => this.state, {
      post: async (body, token) => this.answer(body, token),
      alarm: { wait: async (ms) => void this.pauses.push(ms), ring() {} },
      localS: () => this.nowS,
      unixS: () => 1_700_000_000,
      random: () => 1,
      tell: (sending) => this.told.push(sending),
    });
  }

  answer(body, token) {
    this.bodies.push(body);
    this.tokens.push(token);
    const message = JSON.parse(body);
    this.messages.push(message);
    const given = this.answers.shift() ?? 200;
    if (this.answers.length === 0) this.sender.stop();
    const plain = { next: null, retryAfterS: 0, sentence: "" };
    return typeof given === "number" ? { status: given, ...plain } : { ...plain, ...given };
  }

  run() {
    return this.sender.run();
  }

  get timesS() {
    return this.messages.flatMap(({ rows }) => rows.map(({ time_s }) => time_s));
  }
}

test("a message has what the README says, and the last one says that it is the last", async () => {
  const bench = new Bench();
  bench.queue.push(aRow(0.5));
  await bench.run();
  const [first, last] = bench.messages;
  assert.deepEqual(
    { ...first, rows: first.rows.length },
    {
      version: 1,
      sequence: 0,
      client_s: 12.5,
      client_unix_s: 1_700_000_000,
      state: "reading",
      dropped: 0,
      gaps: [],
      rows: 1,
    },
  );
  assert.equal(last.state, "stopped");
  assert.equal(last.sequence, 1);
  assert.equal(bench.told.at(-1).end, "stopped");
  assert.equal(bench.tokens[0], "secret");
});

test("a message that was not answered is sent again with the same bytes, later and later", async () => {
  const bench = new Bench([0, 503, 500, 200]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.equal(new Set(bench.bodies.slice(0, 4)).size, 1);
  assert.deepEqual(bench.timesS.filter((timeS) => timeS === 1).length, 4);
  assert.deepEqual(bench.pauses.slice(0, 4), [1000, 1000, 2000, 4000]);
  assert.equal(bench.told[0].late, true);
  assert.equal(bench.told[0].waiting, 1);
  assert.equal(bench.told.at(-1).waiting, 0);
});

test("the server's own wish for a pause is respected", async () => {
  const bench = new Bench([{ status: 429, retryAfterS: 17 }, 200]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.equal(bench.pauses[1], 17_000);
});

test("a refused message is dropped, counted, and its number is used again", async () => {
  const bench = new Bench([422, 200]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.deepEqual(bench.messages.slice(0, 2).map(({ sequence }) => sequence), [0, 0]);
  assert.equal(bench.messages[1].dropped, 1);
});

test("a server that expects another number gets the same rows under that number", async () => {
  const bench = new Bench([{ status: 409, next: 7 }, { status: 200, next: 8 }]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.deepEqual(bench.messages.map(({ sequence }) => sequence), [0, 7, 8]);
  assert.deepEqual(bench.messages[0].rows, bench.messages[1].rows);
});

test("a server that never accepts a number is not asked without a pause", async () => {
  const bench = new Bench([409, 409, 409, 409, 200]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.ok(bench.pauses.slice(2, 5).every((ms) => ms >= 1000));
});

test("rows wait for another token, and then go on from number 0", async () => {
  const bench = new Bench([200, 401, 200, 200]);
  bench.queue.push(aRow(1));
  const first = bench.run();
  bench.state = "hidden";
  await first;
  assert.equal(bench.told.at(-1).end, "token");
  bench.queue.push(aRow(2));
  assert.equal(bench.sender.renew("another"), true);
  await bench.run();
  assert.deepEqual(bench.tokens, ["secret", "secret", "another", "another", "another"]);
  assert.deepEqual(bench.messages.map(({ sequence }) => sequence), [0, 1, 0, 1, 2]);
  assert.deepEqual(bench.timesS, [1, 2]);
});

test("a server that was started again gets what waited, made anew, at once and from number 0", async () => {
  const bench = new Bench([200, 0, 0, 200, 200]);
  const answer = bench.answer.bind(bench);
  bench.answer = async (body, token) => {
    const given = answer(body, token);
    if (bench.messages.length === 3) {
      bench.nowS = 99;
      assert.equal(bench.sender.renew("another"), false); // it was waiting, and goes on by itself
    }
    return given;
  };
  bench.queue.push(aRow(1));
  bench.state = "hidden";
  const running = bench.run();
  bench.queue.push(aRow(2));
  await running;
  assert.deepEqual(bench.tokens.slice(0, 4), ["secret", "secret", "secret", "another"]);
  assert.deepEqual(bench.messages.slice(0, 4).map(({ sequence }) => sequence), [0, 1, 1, 0]);
  assert.deepEqual(bench.messages.slice(0, 4).map(({ client_s }) => client_s), [12.5, 12.5, 12.5, 99]);
  assert.deepEqual(bench.messages[3].rows, bench.messages[1].rows);
});

test("another session gets what the server took but did not store, and nothing twice", async () => {
  const bench = new Bench([200, 401, 200, 200]);
  for (const timeS of [7, 8, 9]) bench.queue.push(aRow(timeS));
  const running = bench.run();
  await running;
  for (const timeS of [10, 11]) bench.queue.push(aRow(timeS));
  assert.equal(bench.sender.renew("another", 1), true); // of the session's seconds 0 and 1 are stored
  await bench.run();
  assert.deepEqual(bench.messages[0].rows.map(({ time_s }) => time_s), [7, 8, 9]);
  const under = bench.messages.filter((_, number) => bench.tokens[number] === "another");
  assert.deepEqual(under.flatMap(({ rows }) => rows.map(({ time_s }) => time_s)), [9, 10, 11]);
  assert.equal(under[0].sequence, 0);
});

test("what came in a pause is not kept for another session", async () => {
  const bench = new Bench([200, 200, 401, 200, 200]);
  bench.queue.push(aRow(11));
  bench.nowS = 12;
  bench.sender.setPaused(true);
  const running = bench.run();
  bench.nowS = 15;
  bench.sender.setPaused(false);
  for (const timeS of [15.25, 16]) bench.queue.push(aRow(timeS));
  bench.state = "hidden";
  await running;
  bench.sender.renew("another", -1);
  await bench.run();
  const under = bench.messages.filter((_, number) => bench.tokens[number] === "another");
  assert.deepEqual(under.flatMap(({ rows }) => rows.map(({ time_s }) => time_s)), [16]);
});

test("what waits of a pause that is over is not sent to another session either", async () => {
  const bench = new Bench([401, 200]);
  bench.queue.push(aRow(11));
  await bench.run();
  bench.nowS = 12;
  bench.sender.setPaused(true);
  bench.sender.setPaused(false);
  bench.queue.push(aRow(14));
  bench.sender.renew("another", -1);
  await bench.run();
  const under = bench.messages.filter((_, number) => bench.tokens[number] === "another");
  assert.deepEqual(under.flatMap(({ rows }) => rows.map(({ time_s }) => time_s)), [14]);
});

test("a token that is refused at the end is not waited for", async () => {
  const bench = new Bench([401]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.equal(bench.told.at(-1).end, "over");
});

test("who stops while a token is awaited ends", async () => {
  const bench = new Bench([401, 200]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.equal(bench.told.at(-1).end, "token");
  bench.sender.stop();
  assert.equal(bench.told.at(-1).end, "over");
  assert.equal(bench.sender.renew("another"), false);
});

test("a session that is over ends the sending with the server's sentence", async () => {
  const bench = new Bench([{ status: 410, sentence: "Another tab writes this session." }]);
  bench.queue.push(aRow(1));
  await bench.run();
  assert.equal(bench.told.at(-1).end, "over");
  assert.equal(bench.told.at(-1).sentence, "Another tab writes this session.");
  assert.equal(bench.sender.renew("another"), false);
});

test("what waited through an interruption follows quickly, in order, each row once", async () => {
  const bench = new Bench([0, 200, 200, 200, 200]);
  for (let number = 0; number < 250; number++) bench.queue.push(aRow(number / 10));
  await bench.run();
  const stored = bench.messages.slice(1).flatMap(({ rows }) => rows.map(({ time_s }) => time_s));
  assert.deepEqual(stored, Array.from({ length: 250 }, (_, number) => number / 10));
  assert.equal(bench.pauses[2], 250);
});

test("while nothing is read a message leaves every five seconds", async () => {
  const bench = new Bench([200, 200, 200]);
  bench.state = "hidden";
  await bench.run();
  assert.deepEqual(bench.messages.slice(0, 3).map(({ state }) => state), ["hidden", "hidden", "hidden"]);
  assert.equal(bench.pauses.length, 11);
});

test("waiting grows to half a minute, spread between half and all of it", () => {
  const longest = [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffS(failures, 0, 1));
  assert.deepEqual(longest, [1, 2, 4, 8, 16, 30, 30]);
  assert.equal(backoffS(5, 0, 0), 8);
  assert.equal(backoffS(1, 60, 0.5), 60);
});

test("an answer that nobody foresaw is a reason to try again", () => {
  assert.deepEqual([0, 302, 404, 418, 502].map(outcomeOf), Array(5).fill("later"));
});

test("the very bytes that were taken are told, with the second that the answer has", async () => {
  const second = { second: 3, shares: { present: 1 }, scores: [] };
  const bench = new Bench([0, { status: 200, second }]);
  bench.queue.push(aRow(1));
  await bench.run();
  const sent = bench.told.map((one) => one.sent);
  assert.equal(sent[0], null);
  assert.deepEqual(sent[1], { body: bench.bodies[1], second });
});
