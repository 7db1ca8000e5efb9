/** Before the first call: which microphone and speaker, whether the one hears and the other is heard, whether the network carries voices. */
import { Ringer, devices, meter, microphone, playThrough, whyNot } from "/static/vendor/softphone.js";
import { choose, chosen } from "./choices.js";
import { TROUBLE } from "./words.js";

const NETWORK_MS = 6_000;
const LOUD_ENOUGH = 0.35;

export class Checking {
  #stop = null;
  #heard = false;

  /** `place`: the part of the panel; `changed`: called after another device was chosen; `account`: of the engine, or null. */
  constructor(place, { changed, account }) {
    this.at = (name) => place.querySelector(`[data-${name}]`);
    this.account = account;
    for (const what of ["microphone", "speaker"]) {
      this.at(what).addEventListener("change", (event) => { choose(what, event.target.value); this.#restart(); changed(); });
    }
    this.at("try-microphone").addEventListener("click", () => (this.#stop ? this.end() : this.#listen()));
    this.at("try-speaker").addEventListener("click", () => this.#sound());
    this.at("try-network").addEventListener("click", () => this.#network());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.list());
  }

  async list() {
    const found = await devices();
    fill(this.at("microphone"), found.inputs, chosen("microphone"), "系统默认麦克风");
    fill(this.at("speaker"), found.outputs, chosen("speaker"), "系统默认扬声器");
    this.at("speaker-field").hidden = !HTMLMediaElement.prototype.setSinkId;
  }

  /** Let go of the microphone. */
  end() {
    this.#stop?.();
    this.#stop = null;
    this.at("level").value = 0;
    this.at("try-microphone").textContent = "试一试麦克风";
  }

  async #listen() {
    try {
      const stream = await microphone(chosen("microphone"));
      const silence = meter(stream, (level) => this.#show(level));
      this.#heard = false;
      this.#stop = () => { silence(); stream.getTracks().forEach((track) => track.stop()); };
      this.at("try-microphone").textContent = "停止";
      this.at("heard").textContent = "请说一句话……";
      await this.list();
    } catch (error) {
      this.at("heard").textContent = TROUBLE[whyNot(error)].join("。");
    }
  }

  #show(level) {
    this.at("level").value = level;
    if (level < LOUD_ENOUGH || this.#heard) return;
    this.#heard = true;
    this.at("heard").textContent = "听得到您的声音。";
  }

  #restart() {
    if (!this.#stop) return;
    this.end();
    this.#listen();
  }

  async #sound() {
    await playThrough(document.querySelector("[data-telephone-sound]"), chosen("speaker"));
    new Ringer().once();
  }

  async #network() {
    const says = this.at("network-says");
    says.textContent = "正在测试……";
    const [roundTrip, ways] = await Promise.all([this.#roundTrip(), gathered(this.account()?.ice_servers ?? [])]);
    says.textContent = roundTrip === null ? "连不上服务器，请检查网络。" : wordsOf(roundTrip, ways);
  }

  /** Milliseconds there and back, the middle one of five; null where nothing came back. */
  async #roundTrip() {
    const taken = [];
    for (let i = 0; i < 5; i += 1) {
      const began = performance.now();
      const answer = await fetch("/static/brand/icon.svg", { cache: "no-store" }).catch(() => null);
      if (!answer?.ok) return null;
      await answer.arrayBuffer();
      taken.push(performance.now() - began);
    }
    return taken.sort((a, b) => a - b)[2];
  }
}

function wordsOf(roundTrip, ways) {
  const speed = `往返 ${Math.round(roundTrip)} 毫秒`;
  if (!ways) return `${speed}。但语音通道打不开，可能被防火墙拦住，请联系管理员。`;
  if (roundTrip > 300) return `${speed}，有点慢，通话可能有延迟。有条件请换成网线。`;
  return `${speed}，语音通道可用，适合通话。`;
}

/** How many ways to the network a voice would have. */
function gathered(iceServers) {
  return new Promise((resolve) => {
    const connection = new RTCPeerConnection({ iceServers });
    let found = 0;
    const done = () => { connection.close(); resolve(found); };
    const timer = setTimeout(done, NETWORK_MS);
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) { found += 1; return; }
      clearTimeout(timer);
      done();
    };
    connection.addTransceiver("audio");
    connection.createOffer().then((offer) => connection.setLocalDescription(offer)).catch(done);
  });
}

function fill(select, found, current, standard) {
  const options = [{ id: "", label: standard }, ...found.filter(({ id }) => id && id !== "default")];
  select.replaceChildren(...options.map(({ id, label }, place) => new Option(label || `设备 ${place}`, id, false, id === current)));
}
