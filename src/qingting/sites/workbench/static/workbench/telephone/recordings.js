/**
 * Listening to recordings: one player a side. Nothing is fetched before somebody has said why they listen; each player asks
 * once, and the journal keeps it.
 */
import { ask as sure } from "/static/js/dialog.js";
import { refuse, toast } from "/static/js/toast.js";
import { ask } from "./api.js";
import { lasting } from "./words.js";

const STEP_SECONDS = 5;

class RecordingPlayer extends HTMLElement {
  #audio = null;
  #stop = new AbortController();

  connectedCallback() {
    const { signal } = this.#stop;
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("keydown", (event) => this.#keyed(event), { signal });
    this.#at("speed").addEventListener("change", () => this.#setSpeed(), { signal });
  }

  /** Whoever closes the dialog no longer listens. */
  disconnectedCallback() {
    this.#audio?.pause();
    this.#stop.abort();
  }

  get #seconds() {
    return Number.isFinite(this.#audio?.duration) ? this.#audio.duration : Number(this.dataset.seconds);
  }

  async #clicked({ target, clientX }) {
    const hold = target.closest("[data-hold]");
    if (target.closest("[data-play]")) return this.#toggle();
    if (hold) return this.#hold(hold);
    const wave = target.closest("[data-wave]");
    if (!wave) return;
    const { left, width } = wave.getBoundingClientRect();
    await this.#jump(this.#seconds * ((clientX - left) / width));
  }

  #keyed(event) {
    if (event.target !== this.#at("wave")) return;
    const now = this.#audio?.currentTime ?? 0;
    const to = { ArrowLeft: now - STEP_SECONDS, ArrowRight: now + STEP_SECONDS, Home: 0, End: this.#seconds - 1 }[event.key];
    if (to === undefined && event.key !== " ") return;
    event.preventDefault();
    if (to === undefined) this.#toggle();
    else this.#jump(to);
  }

  async #toggle() {
    if (!(await this.#ready())) return;
    if (!this.#audio.paused) return this.#audio.pause();
    for (const other of document.querySelectorAll("recording-player")) if (other !== this) other.quiet();
    await this.#audio.play().catch(() => this.#trouble("这段录音放不出来，请刷新后再试。"));
  }

  quiet() {
    this.#audio?.pause();
  }

  async #jump(seconds) {
    if (!(await this.#ready())) return;
    this.#audio.currentTime = Math.min(Math.max(0, seconds), this.#seconds);
    this.#draw();
  }

  /** Says why to the server, once; false where that is not done. */
  async #ready() {
    if (this.#audio) return true;
    const why = this.closest("[data-recordings]").querySelector("[data-why]");
    if (!why.value) {
      this.#trouble("请先选择为什么要听。");
      why.focus();
      return false;
    }
    try {
      const { sound } = await ask(this.dataset.listen, { reason: why.value });
      this.#open(sound);
      return true;
    } catch (error) {
      this.#trouble([error.message, error.doNext].filter(Boolean).join(""));
      return false;
    }
  }

  #open(sound) {
    this.#trouble("");
    this.#audio = new Audio(sound);
    this.#setSpeed();
    for (const name of ["timeupdate", "seeked", "durationchange"]) this.#audio.addEventListener(name, () => this.#draw());
    for (const name of ["play", "pause", "ended"]) this.#audio.addEventListener(name, () => this.#drawButton());
  }

  #setSpeed() {
    if (this.#audio) this.#audio.playbackRate = Number(this.#at("speed").value);
  }

  #draw() {
    const { currentTime } = this.#audio;
    const part = Math.min(1, currentTime / this.#seconds);
    const wave = this.#at("wave");
    this.#at("at").textContent = lasting(currentTime);
    wave.setAttribute("aria-valuenow", Math.round(currentTime));
    wave.setAttribute("aria-valuetext", lasting(currentTime));
    const played = this.#at("played");
    if (played) played.setAttribute("width", part * played.ownerSVGElement.viewBox.baseVal.width);
    else this.#at("progress").value = currentTime;
  }

  #drawButton() {
    const plays = !this.#audio.paused && !this.#audio.ended;
    this.#at("play").setAttribute("aria-pressed", plays);
    this.#at("play").textContent = plays ? "暂停" : "播放";
  }

  async #hold(button) {
    const { on, hold } = button.dataset;
    const asks = on === "on" ? "保全后，这段录音到期也不会删除，直到有人解除。" : "解除后，这段录音到期会自动删除。";
    if (!(await sure(asks, on === "on" ? "保全" : "解除保全"))) return;
    try {
      await ask(hold, { hold: on });
      toast(on === "on" ? "已保全。" : "已解除保全。");
      const place = this.closest("[data-recordings-at]");
      htmx.ajax("GET", place.dataset.recordingsAt, { target: place });
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }

  #trouble(words) {
    const line = this.closest("[data-recordings]").querySelector("[data-trouble]");
    line.textContent = words;
    line.hidden = !words;
  }

  #at(name) {
    return this.querySelector(`[data-${name}]`);
  }
}

customElements.define("recording-player", RecordingPlayer);
