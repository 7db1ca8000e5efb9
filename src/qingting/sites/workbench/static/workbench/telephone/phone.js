/**
 * The telephone of the page that holds it: the line, what rings, what is pressed. What it is like just now is one plain
 * object, the snapshot, which every page of this browser shows.
 */
import { Line, Ringer, STATES, inAWord, microphone, permission, playThrough, whyNot } from "/static/vendor/softphone.js";
import { chosen } from "./choices.js";

const BY_ITSELF = new Set(["resume", "outbound", "monitor"]); // asked for by the same person a moment ago
const OVER_SHOWN_MS = 10 * 60 * 1000;

export class Phone {
  #line;
  #ringer = new Ringer();
  #forget = 0;

  /** `account`: () => Promise of the engine's account; `told`: gets each new snapshot. */
  constructor({ account, told }) {
    this.told = told;
    this.snapshot = { state: STATES.OFF, trouble: "", why: "", call: null };
    this.speaker = document.querySelector("[data-telephone-sound]");
    this.#line = new Line({
      account,
      microphone: () => microphone(chosen("microphone")),
      speaker: this.speaker,
      name: "qingting-seat",
    });
    const on = (name, act) => this.#line.addEventListener(name, ({ detail }) => act(detail));
    on("change", () => this.#update({ state: this.#line.state, why: this.#line.why?.message ?? "" }));
    on("ring", (detail) => this.#ringing(detail));
    on("talking", () => this.#talking());
    on("quality", (quality) => this.#updateCall({ quality: inAWord(quality) }));
    on("silent", () => this.#update({ trouble: "silent" }));
    on("over", (detail) => this.#over(detail));
    for (const gesture of ["pointerdown", "keydown"]) {
      addEventListener(gesture, () => this.#woken(), { once: gesture === "keydown", capture: true });
    }
  }

  /** Open the line where the microphone was allowed before; else wait until somebody presses for it. */
  async begin() {
    const may = await permission();
    if (may === "granted") return this.open();
    this.#update({ trouble: may === "denied" ? "denied" : "ask" });
  }

  /** Ask for the microphone, and sign in. */
  async open() {
    try {
      (await microphone(chosen("microphone"))).getTracks().forEach((track) => track.stop());
    } catch (error) {
      return this.#update({ trouble: whyNot(error) });
    }
    this.#update({ trouble: "" });
    await playThrough(this.speaker, chosen("speaker"));
    await this.#line.start();
  }

  get busy() {
    return this.#line.inCall;
  }

  /** What somebody pressed, here or on another page: {do, …}. */
  async press({ do: what, ...more }) {
    const acts = {
      open: () => this.open(),
      answer: () => this.#answer(),
      "hang-up": () => this.#line.hangUp(),
      mute: () => { this.#line.mute(!this.#line.isMuted); this.#updateCall({ muted: this.#line.isMuted }); },
      key: () => this.#line.press(more.key),
      devices: () => this.#devicesChanged(),
      tidy: () => this.#tidy(),
    };
    await acts[what]?.();
  }

  async #answer() {
    if (this.snapshot.call?.stage !== "ringing") return;
    this.#updateCall({ stage: "connecting" });
    this.#ringer.stop();
    try {
      await this.#line.answer();
    } catch (error) {
      this.#updateCall({ stage: "ringing" });
      this.#ringer.start();
      this.#update({ trouble: whyNot(error) });
    }
  }

  async #devicesChanged() {
    await playThrough(this.speaker, chosen("speaker"));
    await this.#line.changeMicrophone().catch((error) => this.#update({ trouble: whyNot(error) }));
  }

  #ringing({ call, purpose }) {
    clearTimeout(this.#forget);
    this.#update({ trouble: "", call: { id: call, purpose, stage: "ringing", muted: false, quality: "", since: Date.now() } });
    if (BY_ITSELF.has(purpose)) this.#answer();
    else this.#ringer.start();
  }

  #talking() {
    this.#ringer.stop();
    this.#updateCall({ stage: "talking", since: Date.now() });
  }

  #over({ byUs }) {
    this.#ringer.stop();
    const { call } = this.snapshot;
    if (!call) return;
    if (call.stage === "ringing") return this.#tidy();
    this.#updateCall({ stage: "over", byUs, since: Date.now() });
    this.#forget = setTimeout(() => this.#tidy(), OVER_SHOWN_MS);
  }

  #tidy() {
    clearTimeout(this.#forget);
    if (!this.#line.inCall) this.#update({ call: null });
  }

  #woken() {
    this.#ringer.wake();
    if (this.snapshot.trouble !== "silent") return;
    this.speaker.play().then(() => this.#update({ trouble: "" }), () => {});
  }

  #updateCall(changes) {
    if (this.snapshot.call) this.#update({ call: { ...this.snapshot.call, ...changes } });
  }

  #update(changes) {
    this.snapshot = { ...this.snapshot, ...changes };
    this.told(this.snapshot);
  }
}
