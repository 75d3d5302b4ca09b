// The microphone's frontend: measures how loud each tenth of a second is, and sends these numbers.
//
// No sound is kept and none leaves the browser: of each tenth there is one number, its root mean
// square level. What was begun lives in the tab's window object: an element that is drawn anew, or
// a script that is loaded anew after the server was, goes on with the same microphone.

const SEND_EVERY_MS = 1000;
const GONE_AFTER_MS = 500; // an element drawn anew is back much sooner
const GIVES_UP_AFTER_MS = 10_000;
const LOWEST_DB = -100;
const SILENT_DB = -90; // less is no room, but a microphone that is switched off
const SILENT_AFTER = 50; // tenths
const KEPT_S = 300;
const MAX_WAITING = KEPT_S * 10; // levels
const MAX_SENT = 600; // in one message
const LATE_FROM = 50; // waiting levels that are told
const LONGEST_WAIT_S = 30;
const SLACK_S = 0.2; // of a clock against the other, before it counts as one that stood still

// Browsers make speech equally loud, cut what they take for noise, and silence what they play
// themselves: levels after that say how the browser works, not how somebody speaks.
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

// Below the lowest voices there is rumble alone: of fans, traffic, a desk that is touched. It rises and
// falls, as speech does. Q is in decibels here: -3 is the flattest (Butterworth).
const WITHOUT_RUMBLE = { type: "highpass", frequency: 80, Q: -3 };

// Runs beside the page, so that a busy page loses no tenth.
const WORKLET = `
registerProcessor("mien-levels", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.round(sampleRate / 10);
    this.count = this.sum = 0;
  }
  process([channels]) {
    if (channels.length === 0) this.count = this.sum = 0; // nothing came: this tenth is not measured
    const length = channels[0]?.length ?? 0;
    for (let at = 0; at < length; at++) {
      let power = 0;
      for (const samples of channels) power += samples[at] ** 2;
      this.sum += power / channels.length;
      if (++this.count < this.size) continue;
      const endS = (currentFrame + at + 1) / sampleRate;
      this.port.postMessage({ meanSquare: this.sum / this.size, endS, unixMs: Date.now() });
      this.count = this.sum = 0;
    }
    return true;
  }
});`;

/** @typedef {{state: string, error: string, late: boolean, dropped: number, token: string}} Told */
/** @typedef {{status: number, next: number | null, retryAfterS: number}} Answer 0: none came */
/** @typedef {(body: string, token: string) => Promise<Answer>} Post */

/**
 * A level in dBFS, to a tenth.
 *
 * @param {number} meanSquare of samples in [-1, 1]
 */
export function levelDb(meanSquare) {
  const db = meanSquare > 0 ? 10 * Math.log10(meanSquare) : LOWEST_DB;
  return Math.round(Math.min(0, Math.max(LOWEST_DB, db)) * 10) / 10;
}

/** Says when sound was heard: the clock of sound counts samples, and has another zero. */
export class SoundClock {
  /** @type {number | null} */
  #offsetS = null;

  /**
   * The page's time of a moment of the sound's clock.
   *
   * Of two messages the one that came quicker is right, so times follow the samples however late
   * their message was. A clock that stood still, as while the machine slept, is taken anew.
   *
   * @param {number} soundS by the clock of sound
   * @param {number} heardS when it was heard of, by the page's
   */
  at(soundS, heardS) {
    const offsetS = heardS - soundS;
    const isOther = this.#offsetS === null || Math.abs(offsetS - this.#offsetS) > SLACK_S;
    this.#offsetS = isOther ? offsetS : Math.min(offsetS, this.#offsetS);
    return soundS + this.#offsetS;
  }
}

/** Says whether a microphone gives nothing but silence. */
export class SilenceWatch {
  #silent = 0;

  /**
   * Whether it was silent for five seconds until now.
   *
   * @param {number} db of the next tenth
   */
  isSilentWith(db) {
    this.#silent = db <= SILENT_DB ? this.#silent + 1 : 0;
    return this.#silent >= SILENT_AFTER;
  }
}

/**
 * Seconds until the same message is sent again: about 1, 2, 4 … 30, and not before the server asks.
 *
 * @param {number} failures in a row, 1 or more
 * @param {number} retryAfterS 0 if nothing was asked
 * @param {number} random in [0, 1)
 */
export function waitS(failures, retryAfterS, random) {
  const fullS = Math.min(LONGEST_WAIT_S, 2 ** Math.min(failures - 1, 10));
  return Math.max(retryAfterS, fullS * (0.5 + random / 2));
}

/** Sends levels in order, each once; they wait while the server is away, for five minutes. */
export class LevelSender {
  /** @type {Array<{timeS: number, db: number}>} */
  #waiting = [];
  /** @type {{body: string, count: number} | null} */
  #message = null;
  #sequence = 0;
  #token = "";
  #failures = 0;
  #notBeforeS = 0;
  #isSending = false;
  dropped = 0;
  refused = ""; // a token that the server does not know, or that is over

  /**
   * @param {Post} post
   * @param {() => number} nowS the page's clock
   * @param {() => number} random in [0, 1)
   */
  constructor(post, nowS, random) {
    this.post = post;
    this.nowS = nowS;
    this.random = random;
  }

  /** Levels that are not stored yet. */
  get waiting() {
    return this.#waiting.length;
  }

  /** @param {string} token of a session; another one begins at message 0 */
  use(token) {
    if (token === this.#token) return;
    this.#token = token;
    this.#message = null;
    this.#sequence = this.#failures = this.#notBeforeS = 0;
    this.refused = "";
  }

  /**
   * @param {number} timeS middle of the tenth, by the page's clock
   * @param {number} db
   */
  add(timeS, db) {
    const last = this.#waiting.at(-1);
    if (last && timeS < last.timeS + 0.02) return; // a clock that went back
    this.#waiting.push({ timeS, db });
    while (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.dropped += 1;
      if (this.#message && this.#message.count > 0) this.#message.count -= 1;
    }
  }

  /** Send what waits, if it is time; resolves when the answer has come. */
  async send() {
    if (this.#isSending || !this.#token || this.refused || this.nowS() < this.#notBeforeS) return;
    if (!this.#message) this.#forgetOld();
    if (this.#waiting.length === 0) return;
    this.#message ??= this.#made();
    const token = this.#token;
    this.#isSending = true;
    const answer = await this.post(this.#message.body, token);
    this.#isSending = false;
    if (token === this.#token) this.#take(answer, this.#message?.count ?? 0);
  }

  #forgetOld() {
    const firstS = this.nowS() - KEPT_S;
    const old = this.#waiting.findIndex(({ timeS }) => timeS >= firstS);
    this.dropped += this.#waiting.splice(0, old < 0 ? this.#waiting.length : old).length;
  }

  #made() {
    const nowS = this.nowS();
    const levels = this.#waiting.slice(0, MAX_SENT);
    const body = JSON.stringify({
      version: 1,
      sequence: this.#sequence,
      client_s: Math.round(nowS * 1000) / 1000,
      levels: levels.map(({ timeS, db }) => [Math.max(0, Math.round((nowS - timeS) * 1000)), db]),
    });
    return { body, count: levels.length };
  }

  /**
   * @param {Answer} answer
   * @param {number} count levels of its message
   */
  #take({ status, next, retryAfterS }, count) {
    if (status === 200) {
      this.#waiting.splice(0, count);
      this.#sequence = next ?? this.#sequence + 1;
    } else if ([400, 413, 422].includes(status)) {
      this.#waiting.splice(0, count);
      this.dropped += count;
    } else if (status === 409 && next !== null) {
      this.#sequence = next;
    } else if (status === 401) {
      this.refused = this.#token; // levels wait for another
    } else if (status === 410) {
      this.refused = this.#token;
      this.#waiting = [];
    } else {
      this.#failures += 1;
      this.#notBeforeS = this.nowS() + waitS(this.#failures, retryAfterS, this.random());
      return; // the same message again
    }
    this.#failures = 0;
    this.#message = null;
  }
}

/**
 * @param {string} url
 * @returns {Post}
 */
function poster(url) {
  return async (body, token) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body,
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(GIVES_UP_AFTER_MS),
      });
      const said = await response.json().catch(() => ({}));
      return {
        status: response.status,
        next: Number.isInteger(said?.next) ? said.next : null,
        retryAfterS: Number(response.headers.get("Retry-After")) || 0,
      };
    } catch {
      return { status: 0, next: null, retryAfterS: 0 };
    }
  };
}

const nowS = () => performance.now() / 1000;

class Microphone {
  constructor() {
    this.turn = 0; // whatever is awaited for an earlier turn is dropped when it comes
    this.state = "off";
    this.error = "";
    this.shown = "";
    window.addEventListener("pagehide", () => this.stop());
    for (const act of ["pointerdown", "keydown"]) {
      window.addEventListener(act, () => this.context?.resume(), { passive: true });
    }
  }

  follow({ data, setStateValue }) {
    clearTimeout(this.leaving);
    this.tellPage = setStateValue;
    this.shown = ""; // another element knows nothing yet
    this.sender ??= new LevelSender(poster(data.url), nowS, Math.random);
    this.sender.use(data.token);
    if (data.wanted !== this.wanted) {
      this.wanted = data.wanted;
      data.wanted ? this.begin() : this.stop();
    }
    this.tell();
  }

  leave() {
    this.leaving = setTimeout(() => {
      this.wanted = false;
      this.stop();
    }, GONE_AFTER_MS);
  }

  async begin() {
    const mine = ++this.turn;
    this.be("waiting");
    clearInterval(this.sending);
    this.sending = setInterval(() => this.send(), SEND_EVERY_MS);
    const media = navigator.mediaDevices;
    if (!media?.getUserMedia) return this.be("none", "InsecureContext");
    try {
      const stream = await media.getUserMedia({ audio: AS_IT_IS, video: false });
      if (mine !== this.turn) return stopTracks(stream);
      this.stream = stream;
      await this.listen(stream, mine);
    } catch (error) {
      if (mine !== this.turn) return;
      this.release();
      const isRefused = ["NotAllowedError", "SecurityError"].includes(error?.name);
      this.be(isRefused ? "refused" : "none", error?.name ?? "Error");
      if (isRefused) return;
      const again = () => mine === this.turn && this.begin();
      media.addEventListener("devicechange", again, { once: true });
    }
  }

  async listen(stream, mine) {
    const context = (this.context = new AudioContext());
    context.resume().catch(() => {}); // some browsers wait for a click or a key: see above
    const source = new BiquadFilterNode(context, WITHOUT_RUMBLE);
    context.createMediaStreamSource(stream).connect(source);
    this.clock = new SoundClock();
    this.silence = new SilenceWatch();
    stream.getAudioTracks()[0].addEventListener("ended", () => {
      if (mine !== this.turn) return;
      this.release();
      this.be("none", "Ended");
      const again = () => mine === this.turn && this.begin();
      navigator.mediaDevices.addEventListener("devicechange", again, { once: true });
    });
    let node;
    const script = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    try {
      await context.audioWorklet.addModule(script);
      node = new AudioWorkletNode(context, "mien-levels");
    } catch {
      // No worklets here, or scripts of this kind are blocked: measured by the page, below.
    } finally {
      URL.revokeObjectURL(script);
    }
    if (mine !== this.turn) return;
    if (!node) return this.poll(context, source, mine);
    node.port.onmessage = ({ data }) => {
      const lateS = Math.max(0, Date.now() - data.unixMs) / 1000;
      if (mine === this.turn) this.measured(data.meanSquare, data.endS, nowS() - lateS);
    };
    source.connect(node).connect(context.destination); // it plays nothing: browsers run what is heard
  }

  /** Measure from the page: tenths are left out while it is busy, or hidden. */
  poll(context, source, mine) {
    const analyser = new AnalyserNode(context, { fftSize: 8192 });
    const samples = new Float32Array(analyser.fftSize);
    const size = Math.min(samples.length, Math.round(context.sampleRate / 10));
    source.connect(analyser);
    this.polling = setInterval(() => {
      if (mine !== this.turn || context.state !== "running") return;
      analyser.getFloatTimeDomainData(samples);
      const newest = samples.subarray(samples.length - size);
      const meanSquare = newest.reduce((sum, one) => sum + one ** 2, 0) / size;
      this.measured(meanSquare, context.currentTime, nowS());
    }, 100);
  }

  measured(meanSquare, endS, heardS) {
    const db = levelDb(meanSquare);
    this.sender.add(this.clock.at(endS, heardS) - 0.05, db);
    this.be(this.silence.isSilentWith(db) ? "silent" : "measuring");
  }

  async send() {
    await this.sender.send();
    this.tell();
    if (!this.wanted && this.sender.waiting === 0) clearInterval(this.sending);
  }

  stop() {
    this.turn += 1;
    this.release();
    this.be("off");
    if (this.sender) this.send(); // what was measured until now
  }

  release() {
    clearInterval(this.polling);
    stopTracks(this.stream);
    this.context?.close().catch(() => {});
    this.stream = this.context = null;
  }

  be(state, error = "") {
    [this.state, this.error] = [state, error];
    this.tell();
  }

  /** Tell the page what changed: each telling is a rerun. */
  tell() {
    if (!this.sender || !this.tellPage) return;
    const late = this.sender.waiting >= LATE_FROM;
    const { refused: token, dropped } = this.sender;
    const { state, error } = this;
    const told = { state, error, late, dropped, token };
    const text = JSON.stringify(told);
    if (text === this.shown) return;
    this.shown = text;
    this.tellPage("told", told);
  }
}

function stopTracks(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export default function (component) {
  const microphone = (window.mienMicrophone ??= new Microphone());
  microphone.follow(component);
  return () => microphone.leave();
}
