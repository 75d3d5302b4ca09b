import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LevelSender,
  SilenceWatch,
  SoundClock,
  levelDb,
  waitS,
} from "../../pages/parts/practice/microphone.js";

/** A server that answers as told, and a clock that moves when told to. */
class Bench {
  messages = [];
  bodies = [];
  tokens = [];
  nowS = 100;

  /** @param {Array<number | object>} answers statuses, or whole answers; afterwards all is stored */
  constructor(answers = []) {
    this.answers = [...answers];
    const post = async (body, token) => this.answer(body, token);
    this.sender = new LevelSender(post, () => this.nowS, () => 1);
    this.sender.use("first");
  }

  answer(body, token) {
    this.bodies.push(body);
    this.messages.push(JSON.parse(body));
    this.tokens.push(token);
    const given = this.answers.shift() ?? 200;
    const plain = { next: null, retryAfterS: 0 };
    return typeof given === "number" ? { status: given, ...plain } : { ...plain, ...given };
  }

  /** A second of levels, and one try to send them. */
  async second(db = -30) {
    for (let at = 0; at < 10; at++) this.sender.add(this.nowS + at / 10 + 0.05, db);
    this.nowS += 1;
    await this.sender.send();
  }
}

test("a level is that of its power, and silence has the lowest", () => {
  assert.equal(levelDb(1), 0);
  assert.equal(levelDb(0.5), -3);
  assert.equal(levelDb(1e-4), -40);
  assert.equal(levelDb(0), -100);
  assert.equal(levelDb(1e-30), -100);
  assert.equal(levelDb(4), 0);
});

test("a message has what the README says: numbers alone, each with its age", async () => {
  const bench = new Bench();
  await bench.second();
  const levels = Array.from({ length: 10 }, (_, at) => [950 - 100 * at, -30]);
  assert.deepEqual(bench.messages, [{ version: 1, sequence: 0, client_s: 101, levels }]);
  assert.equal(bench.sender.waiting, 0);
  await bench.second(-31.5);
  assert.equal(bench.messages[1].sequence, 1);
  assert.deepEqual(bench.messages[1].levels[9], [50, -31.5]);
});

test("without a token, and without levels, nothing is sent", async () => {
  const bench = new Bench();
  await bench.sender.send();
  bench.sender.use("");
  await bench.second();
  assert.deepEqual(bench.messages, []);
  bench.sender.use("second");
  await bench.sender.send();
  assert.deepEqual(bench.tokens, ["second"]);
});

test("while the server is away the same message is sent again, later and later", async () => {
  const bench = new Bench([0, 503, { status: 429, retryAfterS: 20 }]);
  const sentAt = [];
  for (let second = 0; second < 40; second++) {
    const before = bench.messages.length;
    await bench.second();
    if (bench.messages.length > before) sentAt.push(second);
  }
  assert.deepEqual(sentAt.slice(0, 5), [0, 1, 3, 23, 24]);
  assert.equal(new Set(bench.bodies.slice(0, 4)).size, 1);
  const all = bench.messages.slice(3).flatMap(({ levels }) => levels);
  assert.equal(all.length, 400);
  assert.equal(bench.messages[4].levels.length, 240);
  assert.equal(bench.sender.dropped, 0);
});

test("levels wait for five minutes; older ones are dropped, and counted", async () => {
  const bench = new Bench(Array(400).fill(0));
  for (let second = 0; second < 320; second++) await bench.second();
  assert.equal(bench.sender.waiting, 3000);
  assert.equal(bench.sender.dropped, 200);
  bench.answers = [];
  bench.nowS += 60;
  const before = bench.messages.length;
  for (let turn = 0; turn < 7; turn++) await bench.sender.send();
  assert.equal(bench.sender.waiting, 0);
  const sizes = bench.messages.slice(before).map(({ levels }) => levels.length);
  assert.ok(Math.max(...sizes) <= 600);
});

test("a refused message is dropped and the next one takes its number", async () => {
  const bench = new Bench([200, 422]);
  for (let second = 0; second < 3; second++) await bench.second();
  assert.deepEqual(bench.messages.map(({ sequence }) => sequence), [0, 1, 1]);
  assert.equal(bench.sender.dropped, 10);
});

test("another number than expected is sent again under the expected one", async () => {
  const bench = new Bench([{ status: 409, next: 7 }]);
  await bench.second();
  await bench.sender.send();
  assert.deepEqual(bench.messages.map(({ sequence }) => sequence), [0, 7]);
  assert.equal(bench.messages[1].levels.length, 10);
});

test("a token that is not known is told; levels wait for another, and begin at 0", async () => {
  const bench = new Bench([200, 401]);
  for (let second = 0; second < 4; second++) await bench.second();
  assert.equal(bench.messages.length, 2);
  assert.equal(bench.sender.refused, "first");
  bench.sender.use("second");
  assert.equal(bench.sender.refused, "");
  await bench.sender.send();
  assert.deepEqual([bench.tokens.at(-1), bench.messages.at(-1).sequence], ["second", 0]);
  assert.equal(bench.messages.at(-1).levels.length, 30);
});

test("of a session that is over nothing is kept", async () => {
  const bench = new Bench([410]);
  await bench.second();
  assert.equal(bench.sender.waiting, 0);
  assert.equal(bench.sender.refused, "first");
  await bench.second();
  assert.equal(bench.messages.length, 1);
});

test("a level of a clock that went back is left out", async () => {
  const bench = new Bench();
  bench.sender.add(100.05, -30);
  bench.sender.add(100.05, -20);
  bench.sender.add(99, -20);
  bench.nowS = 101;
  await bench.sender.send();
  assert.deepEqual(bench.messages[0].levels, [[950, -30]]);
});

test("times follow the samples however late their message was", () => {
  const clock = new SoundClock();
  assert.equal(clock.at(1, 51), 51);
  assert.equal(clock.at(1.1, 51.25), 51.1);
  assert.ok(Math.abs(clock.at(1.2, 51.18) - 51.18) < 1e-9);
  assert.ok(Math.abs(clock.at(1.3, 51.35) - 51.28) < 1e-9);
});

test("a clock of sound that stood still is taken anew", () => {
  const clock = new SoundClock();
  clock.at(1, 51);
  assert.equal(clock.at(1.1, 60), 60);
  assert.equal(clock.at(1.2, 60.1), 60.1);
});

test("five seconds below every room are silence, and any sound ends it", () => {
  const watch = new SilenceWatch();
  for (let at = 0; at < 49; at++) assert.equal(watch.isSilentWith(-100), false);
  assert.equal(watch.isSilentWith(-95), true);
  assert.equal(watch.isSilentWith(-70), false);
  assert.equal(watch.isSilentWith(-100), false);
});

test("waits grow to thirty seconds and never fall short of what the server asks", () => {
  assert.deepEqual([1, 2, 3, 9].map((failures) => waitS(failures, 0, 1)), [1, 2, 4, 30]);
  assert.equal(waitS(1, 0, 0), 0.5);
  assert.equal(waitS(1, 25, 0.5), 25);
});
