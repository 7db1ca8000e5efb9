/** 110 asks to be brought into the call: it stands in the panel until somebody decides, or the asking has run out. */
import { refuse, toast } from "/static/js/toast.js";
import { ask, withId } from "./api.js";

export class Joining {
  #mode = "";
  #timer = 0;
  #looked = "";

  /** `call`: the id of the call shown now. */
  constructor(place, acts, { call }) {
    this.at = (name) => place.querySelector(`[data-${name}]`);
    this.address = () => withId(place.dataset.joinAsked, call());
    Object.assign(this, { acts, call });
    this.at("join-yes").addEventListener("click", () => this.#agree());
    this.at("join-no").addEventListener("click", () => this.#notNow());
  }

  /** `mode`: SPEAK or LISTEN; `until`: when the asking runs out. */
  asked({ mode, until }) {
    this.#mode = mode;
    this.at("join-words").textContent = mode === "LISTEN" ? "110请求持续监听这个电话：听得见，不说话。" : "110请求加入这个电话，加入后三方都能听见。";
    this.at("join").hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.forget(), Math.max(0, Date.parse(until) - Date.now()));
  }

  /** A page that was loaded anew asks once whether 110 is still waiting for an answer. */
  async look() {
    const id = this.call();
    if (!id || this.#looked === id) return;
    this.#looked = id;
    const said = await ask(this.address()).catch(() => null);
    if (said?.asked && id === this.call()) this.asked(said.asked);
  }

  forget() {
    clearTimeout(this.#timer);
    this.at("join").hidden = true;
  }

  #agree() {
    this.forget();
    this.acts.ask({ kind: "ADD_110", mode: this.#mode });
  }

  async #notNow() {
    this.forget();
    try {
      await ask(this.address(), {});
      toast("没有接入，已告诉110。110可以再次请求。");
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }
}
