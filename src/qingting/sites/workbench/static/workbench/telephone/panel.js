/** Shows the telephone's snapshot and the call it carries, and passes on what is pressed. */
import { announce, refuse, toast } from "/static/js/toast.js";
import { Acts } from "./acts.js";
import { ask, withId } from "./api.js";
import { Joining } from "./joining.js";
import { legRow, myLeg } from "./legs.js";
import { Sheet } from "./sheet.js";
import { Silent } from "./silent.js";
import { COLLEAGUE_LEFT, LEVEL, OVER, QUALITY, RINGS, STATE, TROUBLE, lasting } from "./words.js";

const EMPTY = { state: "off", trouble: "", why: "", call: null };
const SKILL = { PSYCHOLOGY: "心理", LAW: "法律", GENERAL: "综合", CANTONESE: "粤语", ENGLISH: "英语" };
const GUESTS = new Set(["COLLEAGUE", "LEADER", "SECOND"]);
const GUEST_SHOWN_MS = 5_000;
const STILL_HELD_MS = 1_500;

export class Panel {
  #snapshot = EMPTY;
  #details = null; // of the call, as the server tells them
  #title = document.title;
  #part = ""; // what one was in this call the last time one was in it: SEAT, COLLEAGUE, LEADER, SECOND
  onIdle = () => {};
  onClosed = () => {};

  /** `press`: tells the page that holds the telephone. */
  constructor(place, { press }) {
    this.place = place;
    this.press = press;
    this.button = document.getElementById("telephone-button");
    this.sheet = new Sheet(place);
    this.acts = new Acts(place, { call: () => this.#snapshot.call?.id, details: () => this.#details, press });
    this.joining = new Joining(place, this.acts, { call: () => this.#snapshot.call?.id });
    this.silent = new Silent(place, { call: () => this.#snapshot.call?.id });
    this.button.addEventListener("click", () => (place.hidden ? this.open() : this.close()));
    this.#at("[data-close]").addEventListener("click", () => this.close());
    for (const button of place.querySelectorAll("[data-press]")) {
      button.addEventListener("click", () => press({ do: button.dataset.press }));
    }
    this.#at("[data-wrapped]").addEventListener("click", () => this.#wrapped());
    document.addEventListener("push", ({ detail }) => this.#heard(detail));
    document.addEventListener("push:resync", () => this.#look());
    setInterval(() => this.#tick(), 1_000);
  }

  /** Draw what the holder of the telephone tells. */
  show(snapshot) {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    const { call } = snapshot;
    if (call?.id !== before.call?.id) this.#anotherCall(call);
    if (call?.stage !== before.call?.stage) this.#anotherStage(call, before.call);
    if (snapshot.trouble !== before.trouble && snapshot.trouble === "denied") this.open();
    this.#draw();
  }

  open() {
    this.place.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    if (!this.#snapshot.call) this.onIdle();
  }

  close() {
    this.place.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.sheet.hide();
    this.onClosed();
    if (this.#snapshot.call?.stage === "over") this.press({ do: "tidy" });
  }

  #anotherCall(call) {
    this.#details = null;
    this.#part = "";
    this.#at("[data-number]").textContent = "";
    this.#at("[data-known-list]").replaceChildren();
    this.acts.reset();
    this.joining.forget();
    this.sheet.forget();
    this.onClosed();
    if (call) { this.#look(); this.#pop(); }
  }

  #anotherStage(call, before) {
    if (call) this.open();
    if (call?.stage === "ringing") announce(`${RINGS[call.purpose] ?? RINGS.offer}，按 Alt+A 接听`);
    if (call?.stage === "over" && GUESTS.has(this.#part)) setTimeout(() => this.#leaveGuest(call.id), GUEST_SHOWN_MS);
    if (call?.stage === "talking") { announce("通话已接通"); this.#look(); }
    if (call?.stage === "talking" && !this.#at("[data-caller]")) this.#pop(); // one's own call out is written down only once one has answered
    if (call?.stage === "over") { announce("通话已结束"); this.#look(); }
    if (!call && before) this.close();
  }

  /** Nothing is left to be written down for whoever was only asked in. */
  #leaveGuest(id) {
    const { call } = this.#snapshot;
    if (call?.id === id && call.stage === "over") this.close();
  }

  /** What the server knows of the call: who is in it, how it stands. */
  async #look() {
    const id = this.#snapshot.call?.id;
    if (!id) return;
    const details = await ask(withId(this.place.dataset.call, id)).catch(() => null);
    if (!details || id !== this.#snapshot.call?.id) return;
    this.#details = details;
    this.#draw();
  }

  /** The screen pop: what is known of this number. */
  async #pop() {
    const id = this.#snapshot.call?.id;
    if (!id) return;
    await htmx.ajax("GET", withId(this.place.dataset.known, id), { target: this.#at("[data-known-list]") });
    const [place, known] = [this.#at("[data-known-list]"), this.#at("[data-caller]")];
    if (id !== this.#snapshot.call?.id) place.replaceChildren();
    else this.#at("[data-number]").textContent ||= known?.dataset.caller ?? "";
  }

  #heard({ name, ids, data }) {
    const id = this.#snapshot.call?.id;
    if (name === "linkage.call-join-asked" && id && ids.call === id) this.#joinAsked(data);
    if (name === "linkage.call-join-declined" && id && ids.call === id) this.joining.forget();
    if (!name?.startsWith("telephony.")) return;
    if (name === "telephony.act-ended") this.acts.ended(ids.act, data);
    if (!id || ids.call !== id) return;
    if (name === "telephony.leg-left" && data.kind === "COLLEAGUE") setTimeout(() => this.#sayLeft(), STILL_HELD_MS);
    this.#look();
  }

  #joinAsked(data) {
    if (this.#snapshot.call.stage !== "talking" || this.#part !== "SEAT") return;
    this.joining.asked(data);
    this.open();
    announce("110请求加入通话");
  }

  /** The colleague hung up by themselves: nobody but the seat brings the caller back. */
  #sayLeft() {
    const { legs = [], state } = this.#details ?? {};
    if (this.#part === "SEAT" && state === "HELD" && !legs.some(({ kind }) => kind === "COLLEAGUE")) toast(COLLEAGUE_LEFT);
  }

  #draw() {
    const { state, trouble, why, call } = this.#snapshot;
    const view = call ? { ringing: "ringing", over: "over" }[call.stage] ?? "talking" : "idle";
    this.place.dataset.view = view;
    for (const part of this.place.querySelectorAll("[data-part]")) part.hidden = !part.dataset.part.split(" ").includes(view);
    this.#drawTrouble(trouble, why);
    this.#drawButton(state, trouble, call);
    this.#at("[data-state-words]").textContent = STATE[state];
    this.#at("[data-open-line]").hidden = state !== "off";
    this.#at("[data-title]").textContent = this.#heading(call, view);
    if (call) this.#drawCall(call);
    this.#tick();
  }

  #heading(call, view) {
    if (view === "idle") return "电话";
    if (view === "ringing") return RINGS[call.purpose] ?? RINGS.offer;
    if (view === "over") return "通话已结束";
    if (call.stage === "connecting") return "正在接通";
    const { legs = [], state } = this.#details ?? {};
    if (legs.some(({ kind }) => kind === "COLLEAGUE")) return "咨询中";
    return state === "HELD" ? "通话保持中" : "通话中";
  }

  #drawTrouble(trouble, why) {
    const line = this.#at("[data-trouble]");
    const words = trouble ? TROUBLE[trouble].join("。") : this.#snapshot.state === "unavailable" ? why : "";
    line.hidden = !words;
    line.textContent = words;
  }

  #drawButton(state, trouble, call) {
    this.button.dataset.state = call && call.stage !== "over" ? call.stage : trouble ? "trouble" : state;
    this.button.dataset.words = call?.stage === "ringing" ? "来电" : trouble && trouble !== "silent" ? "打开电话" : STATE[state];
    const ringing = call?.stage === "ringing";
    document.title = ringing ? `（来电）${this.#title}` : this.#title;
  }

  #drawCall(call) {
    const details = this.#details;
    const mine = myLeg(details, this.place.dataset.me);
    this.#part = mine?.kind ?? this.#part;
    this.#at("[data-number]").textContent = details?.number ?? this.#at("[data-number]").textContent;
    this.#at("[data-facts]").textContent = details ? factsOf(details, this.place.dataset.me) : "";
    this.#at("[data-over-words]").textContent = this.#overWords(details);
    this.#at("[data-wrapped]").hidden = GUESTS.has(this.#part);
    const level = details?.danger_level ?? "";
    const tag = this.#at("[data-danger-tag]");
    tag.hidden = !level;
    tag.className = `tag ${level.toLowerCase()}`;
    tag.textContent = LEVEL[level] ?? "";
    const quality = this.#at("[data-quality]");
    quality.dataset.quality = call.quality;
    quality.textContent = QUALITY[call.quality] ?? "";
    this.#at("[data-decline]").textContent = call.purpose === "offer" ? "转给同事" : "不接";
    this.#at("[data-legs]").replaceChildren(...(details?.legs ?? []).map((leg) => legRow(leg, { me: this.place.dataset.me, mine, acts: this.acts })));
    this.acts.draw({ call, details, mine });
    this.silent.draw(details);
    if (details?.legs.some(({ kind }) => kind === "POLICE_110")) this.joining.forget();
    else if (call.stage === "talking" && this.#part === "SEAT") this.joining.look();
    this.sheet.about(call.id, { ready: Boolean(details?.answered_at) && this.#part === "SEAT" });
  }

  #overWords(details) {
    if (GUESTS.has(this.#part)) return OVER.GUEST;
    if (details && details.account_id !== this.place.dataset.me && details.counsellor) return OVER.HANDED.replace("{name}", details.counsellor);
    return details?.legs.some(({ kind }) => kind === "POLICE_110") ? OVER.WITH_110 : OVER.SEAT;
  }

  #tick() {
    const { call } = this.#snapshot;
    const words = this.button.querySelector("[data-words]");
    const since = call && call.stage !== "connecting" ? lasting((Date.now() - this.#began(call)) / 1_000) : "";
    const talking = call?.stage === "talking";
    this.#at("[data-lasting]").textContent = call?.stage === "over" ? "" : since;
    const said = talking ? `通话中 ${since}` : this.button.dataset.words ?? words.textContent; // until the holder first speaks
    if (words.textContent !== said) words.textContent = said;
  }

  /** Since when to count. After a reload the call is older than the page's part in it. */
  #began({ purpose, since }) {
    const answered = purpose === "resume" && Date.parse(this.#details?.answered_at ?? "");
    return answered ? Math.min(answered, since) : since;
  }

  async #wrapped() {
    try {
      const body = new FormData();
      body.set("state", "READY");
      await htmx.ajax("POST", this.place.dataset.presence, { target: "#presence", values: { state: "READY" } });
      toast("已设为可接入。");
      this.close();
    } catch (error) {
      refuse(error.message, error.doNext);
    }
  }

  #at(selector) {
    return this.place.querySelector(selector);
  }
}

function factsOf({ direction, skill, account_id: account, counsellor, asked_by: asks }, me) {
  const by = asks ? `${asks}请您接听` : counsellor && account !== me ? `${counsellor}接听` : "";
  return [direction === "OUT" ? "呼出" : "呼入", SKILL[skill] ?? "", by].filter(Boolean).join(" · ");
}
