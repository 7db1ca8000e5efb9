/** What can be asked of a call from the panel. The controller does it; it says by push what came of it. */
import { ask as sure } from "/static/js/dialog.js";
import { refuse, toast } from "/static/js/toast.js";
import { ask, withId } from "./api.js";

const LOOK_AFTER_MS = 6_000;
const LONGEST_MS = 60_000; // somebody is rung for so long at most
const WAITING = { CONSULT: "正在呼叫同事……", SEND_TO: "正在呼叫同事，对方接听后转过去……", ADD_110: "正在呼叫110……", SEND_TO_SKILL: "正在转到技能组……" };
const STAYS_OPEN = new Set(["ASK_KEYS", "END_SILENT"]); // what they do takes a while, and the next one is beside it
const DONE = { SEND_TO: "已转给同事。", HAND_OVER: "已转给同事。", END_SILENT: "正在播放结束语，随后挂断；对方按键就不会挂断。", SEND_TO_SKILL: "已转到技能组排队。", TAKE_OVER: "您已接管这个电话。" };

export class Acts {
  #asked = new Map(); // act id → {kind, button}

  /** `call`, `details`: of the call shown now; `press`: tells the page that holds the telephone. */
  constructor(place, { call, details, press }) {
    Object.assign(this, { place, call, details, press });
    place.addEventListener("click", (event) => this.#clicked(event.target.closest("button")));
    this.#at("[data-block-form]").addEventListener("submit", (event) => this.#block(event));
    this.#at("[data-own-form]").addEventListener("submit", (event) => this.#own(event));
  }

  /** Ask for something; `button` is busy until it is done or refused. */
  async ask(wish, button = null) {
    this.#busy(button, true);
    try {
      const act = await ask(withId(this.place.dataset.act, this.call()), wish);
      this.#asked.set(act.id, { kind: wish.kind, button });
      this.#tellDoing();
      setTimeout(() => this.#look(act.id, Date.now()), LOOK_AFTER_MS);
    } catch (error) {
      this.#busy(button, false);
      refuse(error.message, error.doNext);
    }
  }

  /** The controller has told. */
  ended(id, { state, problem }) {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    this.#tellDoing();
    this.#busy(asked.button, false);
    if (state === "REFUSED") refuse(problem || "这一步没有完成。");
    else if (DONE[asked.kind]) toast(DONE[asked.kind]);
    if (state === "DONE" && !STAYS_OPEN.has(asked.kind)) this.#open("");
  }

  /** Another call: nothing of the last one is left open. */
  reset() {
    for (const { button } of this.#asked.values()) this.#busy(button, false);
    this.#asked.clear();
    this.#tellDoing();
    this.#at("[data-typed]").textContent = "";
    this.#open("");
  }

  /** What is pressed, and what can be done, as the call stands. */
  draw({ call, details, mine }) {
    const leads = mine?.kind === "LEADER";
    const listens = leads || mine?.kind === "SECOND";
    const guest = listens || mine?.kind === "COLLEAGUE";
    const police = details?.legs.some((leg) => leg.kind === "POLICE_110");
    const consulting = !guest && details?.legs.some((leg) => leg.kind === "COLLEAGUE");
    const held = details?.state === "HELD";
    this.#pressed(this.#at("[data-press=mute]"), call.muted, call.muted ? "取消静音" : "静音");
    const hold = this.#at("[data-ask=HOLD], [data-ask=RESUME]");
    const next = held ? "RESUME" : "HOLD";
    if (hold.dataset.ask !== next) this.#busy(hold, false); // the call shows already what the act has done
    hold.dataset.ask = next;
    this.#pressed(hold, held, held ? "恢复通话" : "保持");
    for (const button of this.place.querySelectorAll("[data-acts] > :not([data-press=mute])")) button.hidden = guest;
    for (const aside of [hold, this.#at("[data-open=people]")]) aside.hidden = guest || consulting;
    this.#at("[data-consulting]").hidden = !consulting;
    this.#at("[data-open=police]").hidden = Boolean(police) || guest || consulting;
    this.#at("[data-leave]").hidden = !police || guest;
    this.#at("[data-hang-up] [data-words]").textContent = guest ? "退出" : police ? "挂断全部" : "挂断";
    this.#at("[data-for-listener]").hidden = !listens;
    for (const part of this.place.querySelectorAll("[data-leader-only]")) part.hidden = !leads;
    if (listens) this.#drawListener(mine, details);
  }

  #drawListener(mine, details) {
    this.#at("[data-listener-words]").textContent = `${details.counsellor}正在通话。您的每一步都会留痕。`;
    for (const button of this.place.querySelectorAll("[data-mine-mode]")) {
      button.setAttribute("aria-pressed", button.dataset.mineMode === mine.mode);
      button.onclick = () => this.ask({ kind: "SET_MODE", leg_id: mine.id, mode: button.dataset.mineMode }, button);
    }
  }

  async #clicked(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { dataset } = button;
    if (dataset.sure && !(await sure(dataset.sure))) return;
    if (dataset.ask) this.ask({ kind: dataset.ask, mode: dataset.mode, to_account_id: dataset.to, skill: dataset.skill, question: dataset.question }, button);
    else if (dataset.open) this.#open(button.getAttribute("aria-expanded") === "true" ? "" : dataset.open);
    else if (dataset.tone) this.#tone(dataset.tone);
    else if (dataset.level) this.#mark(dataset.level);
    else if ("leave" in dataset) this.ask({ kind: "LEAVE" }, button);
    else if ("hangUp" in dataset) this.#hangUp(button);
  }

  /** Whoever talks alone with the caller hangs up by the telephone itself, which works even when the server does not. */
  async #hangUp(button) {
    const others = this.details()?.legs.some((leg) => leg.kind === "POLICE_110");
    const mine = this.details()?.legs.find((leg) => leg.account_id === this.place.dataset.me);
    const waits = this.details()?.state === "HELD" && mine?.kind === "SEAT";
    if (waits && !(await sure("来电人还在听音乐等您。现在挂断，这个电话就结束了。", "挂断"))) return;
    if (others && mine?.kind === "SEAT") this.ask({ kind: "HANG_UP" }, button);
    else this.press({ do: "hang-up" });
  }

  /** Where somebody is being rung: it stands in the panel until they have answered or have not. */
  #tellDoing() {
    const words = [...this.#asked.values()].map(({ kind }) => WAITING[kind]).filter(Boolean).at(-1) ?? "";
    this.#at("[data-doing]").textContent = words;
    this.#at("[data-doing]").hidden = !words;
  }

  #tone(key) {
    this.press({ do: "key", key });
    this.#at("[data-typed]").textContent += key;
  }

  async #mark(level) {
    try {
      await ask(withId(this.place.dataset.danger, this.call()), { level });
      toast("已标记。等级只能升高；要调低请在风险评估里写明。", { level });
      this.#open("");
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }

  async #block(event) {
    event.preventDefault();
    try {
      await ask(withId(this.place.dataset.block, this.call()), Object.fromEntries(new FormData(event.target)));
      event.target.reset();
      toast("已申请拦截，等值班长审核。有危险的来电人不会被拦截。");
      this.#open("");
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }

  /** 虚拟台: calls ring at a telephone instead of this browser. */
  async #own(event) {
    event.preventDefault();
    const number = event.target.elements.number.value.trim();
    try {
      await ask(event.target.dataset.ownForm, { number });
      event.target.reset();
      toast(number ? "没有打开浏览器电话时，来电会响在您的电话上。" : "来电只在浏览器里响。");
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }

  #open(name) {
    for (const sub of this.place.querySelectorAll("[data-sub]")) sub.hidden = sub.dataset.sub !== name;
    for (const button of this.place.querySelectorAll("[data-open]")) button.setAttribute("aria-expanded", button.dataset.open === name);
    if (name === "people") htmx.ajax("GET", withId(this.place.dataset.people, this.call()), { target: this.#at("[data-people-place]") });
    this.#at(`[data-sub="${name}"] button`)?.focus();
  }

  /** For a push that was missed. */
  async #look(id, began) {
    if (!this.#asked.has(id)) return;
    const act = await ask(withId(this.place.dataset.result, id)).catch(() => null);
    if (act && act.state !== "ASKED") return this.ended(id, act);
    if (Date.now() - began < LONGEST_MS) setTimeout(() => this.#look(id, began), LOOK_AFTER_MS);
    else this.ended(id, { state: "REFUSED", problem: "电话系统一直没有回应，请再试一次。" });
  }

  #busy(button, on) {
    button?.toggleAttribute("aria-busy", on);
    button?.setAttribute("aria-disabled", on);
  }

  #pressed(button, on, words) {
    button.setAttribute("aria-pressed", on);
    button.querySelector("[data-words]").textContent = words;
  }

  #at(selector) {
    return this.place.querySelector(selector);
  }
}
