/** The seat's talk: what the seeker says with its danger signs, what the counsellor answers. */
import { sayWhatIsFound } from "/static/chat/say.js";
import { post, Thread } from "/static/chat/thread.js";

const room = document.getElementById("talk");
const at = (name) => room.querySelector(`[data-${name}]`);
const mine = room.dataset.mine === "1";
const form = at("form");
const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 5000;
let readUpto = 0;
let typingSaid = 0;
let typingTimer = 0;

const LEVEL_WORDS = { CRITICAL: "特急", URGENT: "紧急", ROUTINE: "一般", NONE: "无危险" };

const thread = new Thread({
  list: at("thread"),
  url: room.dataset.messages,
  me: mine ? "COUNSELLOR" : "",
  names: { SEEKER: "来访者", COUNSELLOR: mine ? "我" : "咨询师", MACHINE: "自动回复" },
  decorate: showSigns,
  onMarks: showMarks,
});

/** Under a message with danger signs: which type at which level, and a way to say that the machine was wrong. */
function showSigns(bubble, message) {
  bubble.dataset.message = message.id;
  if (mine && message.author === "SEEKER") bubble.append(missedButton(message));
  if (!message.signs?.length) return;
  const line = document.createElement("div");
  line.className = "signs";
  for (const sign of strongest(message.signs)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `tag ${sign.level.toLowerCase()}`;
    button.textContent = sign.corrected ? `已更正：${LEVEL_WORDS[sign.corrected]}` : `${sign.type_label} · ${sign.level_label}`;
    button.disabled = !mine || Boolean(sign.corrected);
    button.title = mine ? "点一下可更正" : "";
    button.addEventListener("click", () => askCorrection(button, sign));
    line.append(button);
  }
  bubble.append(line);
}

function strongest(signs) {
  const byType = new Map();
  for (const sign of signs) if (!byType.has(sign.type_label)) byType.set(sign.type_label, sign);
  return [...byType.values()].slice(0, 4);
}

function askCorrection(button, sign) {
  const choice = document.createElement("span");
  choice.className = "button-row correction";
  for (const level of ["CRITICAL", "URGENT", "ROUTINE", "NONE"]) {
    if (level === sign.level) continue;
    const option = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small" });
    option.textContent = `改为${LEVEL_WORDS[level]}`;
    option.addEventListener("click", async () => {
      await post(room.dataset.correct.replace("/0/", `/${sign.id}/`), { level });
      button.textContent = `已更正：${LEVEL_WORDS[level]}`;
      button.disabled = true;
      choice.remove();
    });
    choice.append(option);
  }
  button.parentElement.querySelector(".correction")?.remove();
  button.after(choice);
  choice.querySelector("button").focus();
}

/** A way to say that the machine saw too little in these words. */
function missedButton(message) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "sign-missed", textContent: "漏看了危险？" });
  button.addEventListener("click", () => {
    const dialog = document.getElementById("missed-dialog");
    dialog.querySelector("[data-missed-words]").textContent = message.text;
    dialog.querySelector("form").reset();
    dialog.querySelector("[data-missed-error]").hidden = true;
    dialog.dataset.message = message.id;
    dialog.showModal();
  });
  return button;
}

document.querySelector("[data-missed-form]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const dialog = document.getElementById("missed-dialog");
  const said = dialog.querySelector("[data-missed-error]");
  try {
    const sign = await post(room.dataset.missed.replace("/0/", `/${dialog.dataset.message}/`), new FormData(event.target));
    const bubble = room.querySelector(`[data-message="${dialog.dataset.message}"]`);
    bubble?.append(Object.assign(document.createElement("span"), { className: `tag ${sign.level.toLowerCase()}`, textContent: `${sign.type_label} · ${sign.level_label}` }));
    dialog.close();
  } catch (error) {
    said.textContent = error.refusal ? `${error.refusal.message}${error.refusal.do_next ?? ""}` : "没有存上，请再试一次。";
    said.hidden = false;
  }
});

function showMarks(marks) {
  if (!mine) return;
  const last = [...room.querySelectorAll(".bubble.counsellor[data-seq]")].pop();
  room.querySelectorAll(".bubble.counsellor .state").forEach((line) => !line.closest(".sending, .failed") && line.remove());
  if (last) {
    const line = Object.assign(document.createElement("span"), { className: "state" });
    line.textContent = Number(last.dataset.seq) <= marks.seeker_read ? "对方已读" : "已送达";
    last.append(line);
  }
  if (document.visibilityState === "visible" && thread.shown > readUpto) {
    readUpto = thread.shown;
    post(room.dataset.read, { upto: readUpto }).catch(() => {});
  }
}

const look = () => thread.catchUp().catch(() => {});

/** Every seat of the station hears of every conversation; this page looks at its own. */
function onOwn(name, act) {
  document.addEventListener(`push:${name}`, (event) => {
    if (event.detail.ids.conversation === room.dataset.conversation) act(event.detail);
  });
}

/** The talk is over for this person. What is typed beside it stays; only the reply goes. */
function stop(words) {
  form?.remove();
  at("over").hidden = false;
  at("over").textContent = words;
  for (const button of room.querySelectorAll("[data-while-talking]")) button.remove();
  look();
}

if (form) {
  const field = form.elements.words;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    thread.say(text);
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  field.addEventListener("input", () => {
    if (Date.now() - typingSaid < TYPING_EVERY_MS) return;
    typingSaid = Date.now();
    post(room.dataset.typing, {}).catch(() => {});
  });
}

sayWhatIsFound(() => room.querySelector("[data-form]") && thread);
for (const name of ["chat-message-posted", "chat-read", "chat-danger-seen"]) onOwn(name, look);
onOwn("chat-ended", () => stop("这次会话已经结束，请把右边的登记补完。"));
onOwn("chat-handover-ended", ({ data }) => data.state === "ACCEPTED" && mine && stop("同事已接手这次会话。"));
document.addEventListener("push:resync", look);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
onOwn("chat-typing", ({ data }) => {
  if (data.author !== "SEEKER") return;
  at("other-typing").hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => (at("other-typing").hidden = true), TYPING_SHOWN_MS);
});

for (const tab of document.querySelectorAll("[data-tabs] [role=tab]")) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...tab.parentElement.children];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
}

function choose(chosen) {
  for (const tab of chosen.parentElement.children) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    panelOf(tab).hidden = !on;
  }
  renew(panelOf(chosen));
}

function panelOf(tab) {
  return document.getElementById(tab.getAttribute("aria-controls"));
}

// A panel that proposes what stands elsewhere is fetched again when it is looked at, unless somebody has begun to fill it in.
for (const panel of document.querySelectorAll("[data-renew]")) {
  panel.addEventListener("input", () => { panel.dataset.touched = "1"; });
  panel.addEventListener("htmx:afterSwap", () => { delete panel.dataset.touched; });
  panel.addEventListener("htmx:beforeSwap", (event) => {
    const begun = panel.dataset.touched && panel.querySelector(panel.dataset.renew);
    if (event.detail.target === panel && begun) event.detail.shouldSwap = false;
  });
}

function renew(panel) {
  if (panel.id === "panel-places") htmx.trigger(panel, "looked");
  if ("renew" in panel.dataset && !panel.dataset.touched && panel.querySelector(panel.dataset.renew)) htmx.trigger(panel, "looked");
}

// On a phone the seat shows one thing at a time: who waits, the talk, or the record.
const seat = document.querySelector(".seat");

function view(name) {
  seat.dataset.view = name;
  for (const button of seat.querySelectorAll("[data-seat-view]")) {
    button.setAttribute("aria-pressed", button.dataset.seatView === name);
  }
}

for (const button of seat.querySelectorAll("[data-seat-view]")) {
  button.addEventListener("click", () => view(button.dataset.seatView));
}

/** Alt+2 to 5 and the first Alt+1 also come from the talk on a narrow window: they open the record first. */
function keyed(event) {
  if (!event.altKey || event.defaultPrevented) return;
  const wanted = { Digit1: "tab-case", Digit2: "tab-record", Digit3: "tab-risk", Digit4: "tab-case", Digit5: "tab-places" }[event.code];
  const tab = wanted && document.getElementById(wanted);
  if (!tab) return;
  event.preventDefault();
  view("side");
  choose(tab);
  if (event.code === "Digit1") towards(panelOf(tab));
  else tab.focus();
}

/** One press shows the button to 110, or the form that leads to it; the next press sends. */
function towards(panel) {
  const field = panel.querySelector("[data-key='Alt+1'], .open-panel :is(input:checked, input, select)");
  field?.scrollIntoView({ block: "center" });
  field?.focus();
}

document.addEventListener("keydown", keyed);

look();
if (form && !matchMedia("(pointer: coarse)").matches) form.elements.words.focus({ preventScroll: true });
