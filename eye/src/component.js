/**
 * The eye on the page: camera, local picture and overlay; one for a tab, whatever reruns come.
 *
 * The page only says what is wanted: the name of a start. The same name leaves what runs as it is;
 * another begins anew, or goes on with what runs where the page says so; none stops.
 */

import { absolute } from "./addresses.js";
import { FaceNumbers } from "./numbers.js";
import { PageReader, WorkerReader } from "./readers.js";
import { Screen } from "./screen.js";
import { SentNumbers } from "./sent_numbers.js";
import { Labeller } from "./shown.js";
import { startWorker, wayHere } from "./way_here.js";

/** @typedef {import("./page_data.js").Wanted} Wanted */
/** @typedef {import("./page_data.js").Told} Told */

/**
 * @typedef {object} Component of Streamlit
 * @property {Wanted} data
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue
 */

const GONE_AFTER_MS = 500; // an element drawn anew is back much sooner
const LOST_FOR_MS = 20_000; // a server that was started again draws its first page more slowly
const ELSEWHERE_FOR_MS = 2000; // on its way it names another page for a moment

/** @type {BrowserEye | null} */
let eye = null;

/**
 * @param {Component} component
 * @returns {() => void} to be called when the element goes
 */
export function mount(component) {
  eye ??= new BrowserEye();
  const mounted = eye;
  mounted.show(component);
  mounted.follow(component.data);
  return () => mounted.leave(component.parentElement);
}

class BrowserEye {
  #start = "";
  #turn = 0; // whatever is awaited for an earlier turn is dropped when it comes
  /** @type {Wanted | null} */
  #wanted = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {import("./readers.js").Reader | null} */
  #reader = null;
  /** @type {Labeller | null} */
  #labeller = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leaving;
  /** @type {Component["setStateValue"]} */
  #setStateValue = () => {};
  /** @type {Pick<Told, "way" | "width" | "height"> | null} */
  #reading = null; // what is read, once it is
  #isLost = false; // whether the server did not take the last message
  #path = ""; // of the page that the element was drawn on

  #screen = new Screen();
  #numbers = new FaceNumbers();
  #sent = new SentNumbers();
  /** @type {Set<string>} */
  #saved = new Set();
  /** @type {Set<string>} */
  #used = new Set(); // tokens of a class

  constructor() {
    this.#screen.root.prepend(this.#sent.badge);
    this.#screen.root.append(this.#sent.root);
    document.addEventListener("visibilitychange", () => this.#reader?.setHidden(document.hidden));
    window.addEventListener("pagehide", () => this.#reader?.leave());
  }

  /** @param {Component} component */
  show({ parentElement, setStateValue }) {
    clearTimeout(this.#leaving);
    this.#path = location.pathname;
    this.#setStateValue = setStateValue;
    const { root } = this.#screen;
    if (root.parentNode === parentElement) return;
    parentElement.append(root);
    this.#screen.play();
  }

  /** @param {HTMLElement} parentElement */
  leave(parentElement) {
    const { root } = this.#screen;
    if (root.parentNode !== parentElement) return;
    let [goneMs, elsewhereMs] = [0, 0];
    const look = () => {
      goneMs += GONE_AFTER_MS;
      elsewhereMs = location.pathname === this.#path ? 0 : elsewhereMs + GONE_AFTER_MS;
      if (this.#isLost && goneMs < LOST_FOR_MS && elsewhereMs < ELSEWHERE_FOR_MS) {
        this.#leaving = setTimeout(look, GONE_AFTER_MS);
        return;
      }
      root.remove();
      this.#stop();
      this.#start = "";
    };
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(look, GONE_AFTER_MS);
  }

  /** @param {Wanted} wanted */
  follow(wanted) {
    const before = this.#wanted;
    this.#wanted = wanted;
    if (JSON.stringify(wanted.reading) !== JSON.stringify(before?.reading)) this.#label(wanted);
    if (wanted.paused !== before?.paused) this.#reader?.setPaused(wanted.paused);
    const isOther = wanted.start !== "" && wanted.start !== this.#start;
    const goesOn = wanted.continues !== "" && this.#start.startsWith(wanted.continues);
    if (isOther && goesOn && this.#reader) {
      this.#goOn(wanted);
    } else if (wanted.start !== this.#start) {
      this.#stop();
      this.#start = this.#lacksToken(wanted) ? "" : wanted.start;
      if (this.#start) this.#begin(wanted);
    } else if (this.#start && before && wanted.token !== before.token) {
      this.#renew(wanted);
    }
    this.#screen.root.classList.toggle("off", !this.#start);
    this.#screen.root.classList.toggle("shares", wanted.numbers !== null);
    this.#sent.begin(this.#start, wanted.numbers);
    if (!this.#start) this.#say(wanted.words.off);
    for (const name of wanted.screenshots.filter((one) => !this.#saved.has(one))) {
      this.#saved.add(name);
      this.#screen.saveScreenshot(name, lookOf(wanted));
    }
  }

  /**
   * Whether the page has to bring a token first, which it is told. In a class only what runs goes on
   * without one, as another tab would be sent away by it; and one that was used numbers on.
   *
   * @param {Wanted} wanted
   */
  #lacksToken({ start, token, numbers }) {
    if (numbers === null || start === "") return false;
    const lacks = token === "" || this.#used.has(token);
    if (lacks) this.#setStateValue("told", { start, state: "token", token });
    this.#used.add(token);
    return lacks;
  }

  // ---- one start -------------------------------------------------------------------------------

  /** @param {Wanted} wanted */
  async #begin(wanted) {
    const mine = ++this.#turn;
    const isOver = () => mine !== this.#turn;
    const worker = startWorker(wanted.files.worker);
    const { way, obstacle } = await wayHere(worker);
    if (isOver() || way !== "worker") worker?.terminate();
    if (isOver()) return;
    if (way === "server") {
      this.#tell({ state: "unable", obstacle });
      return;
    }
    this.#say(wanted.words.asking);
    const stream = await this.#open(wanted, isOver);
    if (!stream) {
      worker?.terminate();
      return;
    }
    this.#take(stream);
    const isBeside = way === "worker" && worker !== null;
    const reader = isBeside ? new WorkerReader(worker) : new PageReader(wanted.files.engine);
    await this.#read(reader, way, wanted);
  }

  /**
   * The camera's stream; null if it was refused, which the page is told, or not waited for.
   *
   * @param {Wanted} wanted
   * @param {() => boolean} isOver
   */
  async #open({ width, height, fps }, isOver) {
    const video = {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: fps },
      facingMode: "user",
    };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      if (!isOver()) return stream;
      stopTracks(stream);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "Error";
      if (!isOver()) this.#tell({ state: "refused", error: name });
    }
    return null;
  }

  /** @param {MediaStream} stream */
  #take(stream) {
    this.#stream = stream;
    this.#screen.show(stream);
    const [track] = stream.getVideoTracks();
    track.addEventListener("mute", () => this.#reader?.setMuted(true));
    track.addEventListener("unmute", () => this.#reader?.setMuted(false));
    track.addEventListener("ended", () => {
      if (stream === this.#stream) this.#end({ state: "ended" });
    });
  }

  /**
   * @param {import("./readers.js").Reader} reader
   * @param {import("./way.js").Way} way
   * @param {Wanted} wanted
   */
  async #read(reader, way, wanted) {
    const stream = /** @type {MediaStream} */ (this.#stream);
    const isMine = () => stream === this.#stream;
    this.#reader = reader;
    this.#say(wanted.words.loading);
    const { files, model, rowsUrl, token, readsPerS, sendsExpression } = wanted;
    const sending = { rowsUrl, token, readsPerS, sendsExpression };
    try {
      await reader.open(
        { files: absolute(files), model: model && absolute(model), ...sending },
        {
          onRead: (read) => isMine() && this.#onRead(read, way),
          onSending: (sending) => isMine() && this.#onSending(sending),
          onFailed: (part) => isMine() && this.#end({ state: "unable", part }),
        },
      );
    } catch (error) {
      const part = error instanceof Error && "part" in error ? String(error.part) : "engine";
      if (isMine()) this.#end({ state: "unable", part });
      return;
    }
    if (!isMine()) return reader.stop();
    this.#say(wanted.words.starting);
    reader.setHidden(document.hidden);
    reader.begin(stream, this.#screen.video);
  }

  /**
   * What runs goes on under another name, and what it read meanwhile is sent under that.
   *
   * @param {Wanted} wanted
   */
  #goOn(wanted) {
    this.#start = wanted.start;
    this.#numbers = new FaceNumbers(); // the server numbers faces anew
    if (wanted.token) this.#renew(wanted, wanted.storedS);
    else if (this.#reading) this.#tell({ state: "reading", ...this.#reading });
  }

  /**
   * @param {Wanted} wanted
   * @param {number | null} storedS
   */
  #renew({ token }, storedS = null) {
    this.#used.add(token);
    this.#reader?.renew(token, storedS);
    if (this.#reading) this.#tell({ state: "reading", ...this.#reading });
  }

  // ---- while it runs ---------------------------------------------------------------------------

  /**
   * @param {import("./engine.js").Read} read
   * @param {string} way
   */
  #onRead({ width, height, timeS, faces }, way) {
    const known = this.#numbers.follow(
      faces.map(({ box }) => box),
      timeS,
    );
    const shown = this.#labeller?.label(faces, timeS, known) ?? [];
    if (this.#wanted) this.#screen.draw({ width, height }, shown, lookOf(this.#wanted));
    if (this.#reading) return;
    this.#reading = { way, width, height };
    this.#say("");
    this.#tell({ state: "reading", ...this.#reading });
  }

  /** @param {import("./sender.js").Sending} sending */
  #onSending({ waiting, dropped, late, end, sentence, known, sent }) {
    if (sent) this.#sent.draw(sent);
    this.#sent.setLate(late);
    if (known) this.#numbers.learn(known);
    this.#isLost = late || end === "token";
    if (end === "over") this.#end({ state: "over", sentence });
    if (end === "token") this.#tell({ state: "token", token: this.#wanted?.token });
    if (!this.#reading || !this.#wanted) return;
    const words = this.#wanted.words.late;
    const say = words.replace("{waiting}", `${waiting}`).replace("{dropped}", `${dropped}`);
    this.#say(late ? say : "");
  }

  /** @param {Wanted} wanted */
  #label({ reading }) {
    this.#labeller = reading && new Labeller(reading);
  }

  /** @param {Omit<Told, "start">} told */
  #end(told) {
    this.#stop();
    this.#tell(told);
  }

  #stop() {
    this.#turn += 1;
    this.#reader?.stop();
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = this.#reader = this.#reading = null;
    this.#isLost = false;
    this.#numbers = new FaceNumbers();
    this.#sent.begin("", this.#wanted?.numbers ?? null);
    this.#screen.show(null);
    this.#say("");
  }

  /** @param {Omit<Told, "start">} told one object, so that one change is one rerun */
  #tell(told) {
    this.#setStateValue("told", { start: this.#start, ...told });
  }

  /** @param {string} words */
  #say(words) {
    this.#screen.say(words);
  }
}

/**
 * @param {Wanted} wanted
 * @returns {import("./overlay.js").Look}
 */
function lookOf({ style, colours, reading }) {
  const labels = reading?.labels.map((label, at) => ({ label, colour: reading.colours[at] })) ?? [];
  return { style, ...colours, labels };
}

/** @param {MediaStream} stream */
function stopTracks(stream) {
  for (const track of stream.getTracks()) track.stop();
}
