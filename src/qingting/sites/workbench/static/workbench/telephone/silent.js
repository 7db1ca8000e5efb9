/** A caller who says nothing, or can't speak: questions are played, keys answer, and the written talk is offered. */
import { announce, refuse, toast } from "/static/js/toast.js";
import { ask, withId } from "./api.js";

const WAITS = "等待按键……";

export class Silent {
  #talk = ""; // the written talk that goes with the call
  #asked = ""; // the questions as they are drawn, so that nothing is drawn and read out twice

  /** `call`: the id of the call shown now. */
  constructor(place, { call }) {
    Object.assign(this, { place, call });
    this.at = (name) => place.querySelector(`[data-${name}]`);
    this.at("text-link").addEventListener("click", () => this.#post("textLink", "短信链接已交给短信网关。"));
    this.at("speaking").addEventListener("click", () => this.#post("speaking", "已改回普通来电。"));
  }

  /** What was asked and answered, as the server tells it. */
  draw(details) {
    const rows = details?.questions ?? [];
    this.#writes(details?.text_talk ?? "");
    const said = JSON.stringify(rows);
    this.at("speaking").hidden = !details?.silent;
    this.at("silent-button").setAttribute("aria-pressed", Boolean(details?.silent));
    if (said === this.#asked) return;
    this.#asked = said;
    this.at("questions").hidden = !rows.length;
    this.at("questions").replaceChildren(...rows.map(row));
    const last = rows.at(-1);
    if (last?.answer) announce(`${last.question_label}：${last.answer_label}`);
    this.at("silent-police").hidden = !rows.some(({ question, answer }) => answer === "YES" && question !== "TEXT");
  }

  /** Whether the other side writes meanwhile: the way to their talk. */
  #writes(talk) {
    const form = this.at("text-talk");
    if (talk && this.#talk !== talk) announce("对方已打开文字聊天");
    this.#talk = talk;
    form.hidden ||= !talk;
    if (talk) form.action = withId(this.place.dataset.writing, this.call());
  }

  async #post(what, words) {
    try {
      await ask(withId(this.place.dataset[what], this.call()), {});
      toast(words);
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }
}

function row({ question_label: label, answer, answer_label: words }) {
  const line = document.createElement("li");
  line.dataset.answer = answer;
  line.append(
    Object.assign(document.createElement("span"), { textContent: label }),
    Object.assign(document.createElement("strong"), { textContent: answer ? words : WAITS }),
  );
  return line;
}
