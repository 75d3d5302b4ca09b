// The camera's frontend: exactly one connection for each start, whatever reruns come.
//
// The page only says what is wanted: a start's name and a size. This side alone decides when to
// connect, so a rerun can ask for nothing twice: the same start leaves what runs as it is, and only
// another name begins anew. What was begun lives beside the page's elements (`camera` below): an
// element that is drawn anew shows the same stream again.

const LOOK_EVERY_MS = 200;
const GONE_AFTER_MS = 500; // an element drawn anew is back much sooner
const GATHER_MS = 2000;
const NO_MORE_AFTER_MS = 100;
const RECOVERS_WITHIN_MS = 5000;

let camera = null;

export default function (component) {
  camera ??= new Camera();
  camera.show(component);
  camera.follow(component.data);
  return () => camera.leave(component.parentElement);
}

class Camera {
  constructor() {
    this.start = ""; // its name; empty while the camera is off
    this.turn = 0; // whatever is awaited for an earlier turn is dropped when it comes
    this.offers = 0;
    this.sizes = 0; // as `turn`, for tracks that are asked for at another size
    this.build();
  }

  build() {
    this.video = Object.assign(document.createElement("video"), {
      autoplay: true,
      muted: true,
      playsInline: true,
      hidden: true,
    });
    this.words = document.createElement("div");
    this.words.setAttribute("role", "status");
    this.words.className = "words";
    this.regions = document.createElement("div");
    this.regions.className = "regions";
    this.root = document.createElement("div");
    this.root.className = "camera";
    this.root.append(this.video, this.regions, this.words);
  }

  show({ parentElement, setStateValue }) {
    clearTimeout(this.leaving);
    this.tellPage = setStateValue;
    if (this.root.parentNode === parentElement) return;
    parentElement.append(this.root);
    this.video.play().catch(() => {}); // moved elements pause; none plays yet at the first
  }

  leave(parentElement) {
    if (this.root.parentNode !== parentElement) return;
    this.leaving = setTimeout(() => {
      this.root.remove();
      this.stop();
      this.start = "";
    }, GONE_AFTER_MS);
  }

  follow(data) {
    const before = this.data;
    this.data = data;
    if (data.start !== this.start) {
      this.stop();
      this.start = data.start;
      this.tries = 0;
      if (this.start) this.begin();
    } else if (this.start && before && before.width !== data.width) {
      this.resize();
    }
    this.root.classList.toggle("off", !this.start);
    this.divide();
    if (!this.start) this.say(data.words.off);
    const answer = data.answer;
    if (answer && answer.offer === this.offer && !this.answered) this.accept(answer);
  }

  // ---- one start -------------------------------------------------------------------------------

  async begin() {
    const mine = ++this.turn;
    this.say(this.data.words.asking);
    const stream = await this.open(() => mine === this.turn);
    if (!stream) return;
    this.stream = stream;
    await this.connect();
  }

  /** The camera's stream; null if it was refused, which the page is told, or not waited for. */
  async open(isWanted) {
    const media = navigator.mediaDevices;
    if (!media || !media.getUserMedia) {
      this.tell({ state: "refused", error: "InsecureContext" });
      return null;
    }
    const { width, height, fps } = this.data;
    const video = {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: fps },
      facingMode: "user",
    };
    try {
      const stream = await media.getUserMedia({ video, audio: false });
      if (isWanted()) return stream;
      stop(stream);
    } catch (error) {
      if (isWanted()) this.tell({ state: "refused", error: error.name || "Error" });
    }
    return null;
  }

  async connect() {
    const mine = ++this.turn;
    this.tries += 1;
    this.offer = `${this.start}/${++this.offers}`;
    this.answered = this.playing = false;
    this.say(this.tries === 1 ? this.data.words.starting : this.data.words.again);
    const pc = (this.pc = new RTCPeerConnection({ iceServers: this.data.iceServers }));
    pc.addEventListener("track", (event) => {
      this.video.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    });
    pc.addEventListener("connectionstatechange", () => this.changed(pc));
    for (const track of this.stream.getTracks()) pc.addTrack(track, this.stream);
    if (!this.data.comesBack) {
      for (const one of pc.getTransceivers()) one.direction = "sendonly";
      this.video.srcObject = this.stream;
    }
    this.watch(mine, pc);
    try {
      await limit(pc.getSenders()[0], this.data, { isNew: true });
      await pc.setLocalDescription();
      await gathered(pc, this.data.iceServers.length > 0);
    } catch {
      return; // no picture will come: what watches begins anew
    }
    if (mine === this.turn) this.tell({ state: "offered", sdp: pc.localDescription.sdp });
  }

  async accept(answer) {
    this.answered = true;
    if (!answer.sdp) return; // it failed there: what watches begins anew
    try {
      const sdp = beginningAt(answer.sdp, this.data.startKbps);
      await this.pc.setRemoteDescription({ type: "answer", sdp });
    } catch {
      // As above.
    }
  }

  /** Look until a picture came back, or has arrived there; after too long without one or a step to it, begin anew. */
  watch(mine, pc) {
    let step = "";
    let stepAt = performance.now();
    clearInterval(this.looking);
    const look = setInterval(async () => {
      if (mine !== this.turn) return clearInterval(look);
      const { packets, pictures } = await (this.data.comesBack ? received(pc) : sent(pc));
      if (mine !== this.turn || this.playing) return;
      const now = `${this.answered} ${pc.connectionState} ${packets > 0}`;
      if (now !== step) [step, stepAt] = [now, performance.now()];
      if (pictures > 0) {
        clearInterval(look);
        this.playing = true;
        this.say("");
        this.video.play().catch(() => {});
        this.tell({ state: "playing" });
      } else if (this.isOverdue(performance.now() - stepAt)) {
        clearInterval(look);
        pc.close();
        const isLive = this.stream.getTracks().every((track) => track.readyState === "live");
        isLive ? this.connect() : this.begin();
      }
    }, LOOK_EVERY_MS);
    this.looking = look;
  }

  isOverdue(quietMs) {
    if (document.hidden) return false; // browsers hold back what nobody sees
    const { givesUpS, waitsForAnswerS } = this.data;
    const waitsForServer = this.told?.offer === this.offer && !this.answered;
    const patienceS = waitsForServer ? waitsForAnswerS : givesUpS;
    return quietMs > patienceS * 1000;
  }

  changed(pc) {
    if (pc !== this.pc || !this.playing) return;
    const isOver = () => ["failed", "closed", "disconnected"].includes(pc.connectionState);
    const waitMs = pc.connectionState === "disconnected" ? RECOVERS_WITHIN_MS : 0;
    setTimeout(() => {
      if (pc !== this.pc || !this.playing || !isOver()) return;
      this.stop();
      this.tell({ state: "ended" });
    }, waitMs);
  }

  /** Another size in the running connection: the track is replaced, nothing is connected anew. */
  async resize() {
    const sender = this.pc?.getSenders().find((one) => one.track);
    if (!sender) {
      this.begin();
      return;
    }
    stop(this.stream);
    const { pc, turn } = this;
    const mine = ++this.sizes;
    const isWanted = () => mine === this.sizes && pc === this.pc && turn === this.turn;
    const stream = await this.open(isWanted);
    if (!stream) return;
    this.stream = stream;
    if (!this.data.comesBack) this.video.srcObject = stream;
    await sender.replaceTrack(stream.getVideoTracks()[0]);
    await limit(sender, this.data);
    if (isWanted() && this.playing) this.tell({ state: "playing" });
  }

  stop() {
    this.turn += 1;
    clearInterval(this.looking);
    stop(this.stream);
    this.pc?.close();
    this.stream = this.pc = this.told = null;
    this.playing = false;
    this.video.srcObject = null;
    this.say("");
  }

  // ---- what is told ----------------------------------------------------------------------------

  /** Tell the page: one object, so that one change is one rerun. */
  tell(what) {
    const { width, height } = this.stream?.getVideoTracks()[0]?.getSettings() ?? {};
    this.told = { start: this.start, offer: this.offer ?? "", sdp: "", error: "", ...what };
    this.tellPage("told", { ...this.told, width: width ?? 0, height: height ?? 0 });
  }

  say(words) {
    this.words.textContent = words;
    this.words.hidden = this.playing;
    this.video.hidden = !this.playing;
    this.divide();
  }

  /** Borders of regions, over the picture. */
  divide() {
    const [rows, columns] = this.data?.regions ?? [1, 1];
    this.regions.style.backgroundSize = `${100 / columns}% ${100 / rows}%`;
    this.regions.hidden = !this.playing || rows * columns === 1;
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** The most that is sent, and what gives way below it: frames a second, or the size. */
async function limit(sender, { maxKbps, keepsSize, comesBack, fps }, { isNew = false } = {}) {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings ?? []) {
    encoding.maxBitrate = maxKbps * 1000;
    if (!comesBack) encoding.maxFramerate = fps; // cameras give more than they are asked for
  }
  if (keepsSize) parameters.degradationPreference = "maintain-resolution";
  else if (!isNew) parameters.degradationPreference = "maintain-framerate";
  await sender.setParameters(parameters).catch(() => {}); // a browser that cannot be told
}

/**
 * An answer that names the bitrate to begin with: by themselves browsers begin with 300 kbit/s.
 *
 * Chromium and Safari read this parameter; others leave out what they do not know.
 */
function beginningAt(sdp, kbps) {
  const start = `x-google-start-bitrate=${kbps}`;
  const codecs = [...sdp.matchAll(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/90000$/gm)];
  return codecs.reduce((text, [line, type]) => {
    const known = new RegExp(`^a=fmtp:${type} .*$`, "m");
    if (known.test(text)) return text.replace(known, (all) => `${all};${start}`);
    return text.replace(line, () => `${line}\r\na=fmtp:${type} ${start}`);
  }, sdp);
}

/**
 * Wait until the offer names the addresses of this browser, within reason.
 *
 * Without STUN or TURN servers its own UDP addresses come at once, and Chromium then takes up to a
 * second over TCP ones, which nobody needs. An address that comes later is not lost: the browser
 * tries it, and the other side takes it as peer-reflexive (RFC 8445, section 7.3.1.3).
 */
function gathered(pc, hasServers) {
  return new Promise((resolve) => {
    let quiet;
    const done = () => pc.iceGatheringState === "complete" && resolve();
    pc.addEventListener("icegatheringstatechange", done);
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (hasServers || candidate?.protocol !== "udp") return;
      clearTimeout(quiet);
      quiet = setTimeout(resolve, NO_MORE_AFTER_MS);
    });
    setTimeout(resolve, GATHER_MS);
    done();
  });
}

/** What the other side says it received: pictures were sent, and packets of them arrived. */
async function sent(pc) {
  let [pictures, arrives] = [0, false];
  for (const one of (await pc.getStats()).values()) {
    if (one.type === "outbound-rtp") pictures += one.framesSent ?? one.packetsSent ?? 0;
    if (one.type === "remote-inbound-rtp") arrives = true;
  }
  return { packets: pictures, pictures: arrives ? pictures : 0 };
}

async function received(pc) {
  let [packets, pictures] = [0, 0];
  for (const one of (await pc.getStats()).values()) {
    if (one.type !== "inbound-rtp") continue;
    packets += one.packetsReceived ?? 0;
    pictures += one.framesDecoded ?? 0;
  }
  return { packets, pictures };
}
