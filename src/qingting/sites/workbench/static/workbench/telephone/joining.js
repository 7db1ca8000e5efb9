/** 110 asks to be brought into the call: it stands in the panel until somebody decides, or the asking has run out. */
import { toast } from "/static/js/toast.js";

export class Joining {
  #mode = "";
  #timer = 0;

  constructor(place, acts) {
    this.at = (name) => place.querySelector(`[data-${name}]`);
    this.acts = acts;
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

  forget() {
    clearTimeout(this.#timer);
    this.at("join").hidden = true;
  }

  #agree() {
    this.forget();
    this.acts.ask({ kind: "ADD_110", mode: this.#mode });
  }

  #notNow() {
    this.forget();
    toast("没有接入。110可以再次请求；也可以在“个案与联动”里补充情况告诉对方。");
  }
}
