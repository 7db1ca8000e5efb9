/** The seeker's chat page. */
import "/static/js/push.js";
import { post, Thread } from "/static/chat/thread.js";
import { t } from "./words.js";

const room = document.getElementById("talk");
const at = (name) => room.querySelector(`[data-${name}]`);
const form = at("form");
const field = form.elements.words;
const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 5000;
const LOOK_EVERY_MS = 15_000; // a phone on a bad network may have no stream at all; looking again costs little

const thread = new Thread({
  list: at("thread"),
  url: room.dataset.messages,
  me: "SEEKER",
  names: { SEEKER: t("我"), COUNSELLOR: t("咨询师"), MACHINE: t("自动回复（我是机器）") },
  says: { sending: t("发送中"), again: t("网络不太好，正在重新发送"), failed: t("没有发出去，请再试一次") },
  decorate: dialled,
  onMarks: (marks) => (showMarks(marks), showSources(marks.sources ?? {})),
  onRefusal: (refusal) => refusal?.code === "chat.conversation.ended" && refresh(),
});
const NUMBERS = { 110: "tel", 120: "tel", 12355: "tel", 12356: "tel", 12110: "sms" };
const MISSED_BEFORE_SAYING = 2;
let missed = 0;
let readUpto = 0;
let typingSaid = 0;
let typingTimer = 0;

function showMarks(marks) {
  const mine = [...room.querySelectorAll(".bubble.seeker[data-seq]")].pop();
  room.querySelectorAll(".bubble.seeker .state").forEach((line) => !line.closest(".sending, .failed") && line.remove());
  if (mine) {
    const line = Object.assign(document.createElement("span"), { className: "state" });
    line.textContent = Number(mine.dataset.seq) <= marks.counsellor_read ? t("已读") : t("已送达");
    mine.append(line);
  }
  if (document.visibilityState === "visible" && thread.shown > readUpto) {
    readUpto = thread.shown;
    post(room.dataset.read, { upto: readUpto }).catch(() => {});
  }
}

/** What a machine's answer rests on, as links below it. */
function showSources(sources) {
  for (const [seq, articles] of Object.entries(sources)) {
    const bubble = room.querySelector(`.bubble.machine[data-seq="${seq}"]`);
    if (!bubble || bubble.querySelector(".source")) continue;
    for (const { title, url } of articles) {
      const link = Object.assign(document.createElement("a"), { className: "source", href: url, target: "_blank", rel: "noopener" });
      link.textContent = t("看全文：《{title}》", { title });
      bubble.append(link);
    }
  }
}

/** Numbers that the machine names can be tapped: whoever is afraid should not have to copy them. */
function dialled(bubble, message) {
  if (message.author !== "MACHINE") return;
  const words = bubble.querySelector(".words");
  words.replaceChildren(...words.textContent.split(/(\d+)/).map((part) => {
    if (!NUMBERS[part]) return part;
    return Object.assign(document.createElement("a"), { href: `${NUMBERS[part]}:${part}`, textContent: part });
  }));
}

function stateWords(state) {
  if (state.state === "ENDED") return t("这次聊天已经结束。需要的时候随时可以再来。");
  if (state.state === "ACTIVE") return t("咨询师已经在这里，正在听你说。");
  if (state.machine) return t("老师还没有来，先由机器回答。你写的，老师来了都能看到。");
  if (!state.place) return t("正在为你找一位咨询师……");
  if (state.place.ready === 0 || state.place.wait_seconds === null) {
    return t("咨询师都在忙，可能要多等一会儿。你可以先写下来，我们都会看到。急的话请打12355。");
  }
  const ahead = state.place.position - 1;
  const minutes = Math.max(1, Math.ceil(state.place.wait_seconds / 60));
  return ahead > 0
    ? t("前面还有{ahead}位，大约等{minutes}分钟。可以先写下想说的话。", { ahead, minutes })
    : t("马上就到你了，可以先写下想说的话。");
}

/** The house cannot be reached: what is written stays here and goes out by itself, and there are numbers that work without us. */
function unreachable() {
  missed += 1;
  if (missed < MISSED_BEFORE_SAYING) return;
  at("talk-state").textContent = t("现在连不上我们。你写的都留在这一页，连上了会自己发出去，请先不要关掉。等不及就打 12355；有危险打 110、120。");
  at("urgent").hidden = false;
}

async function refresh() {
  const answer = await fetch(room.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer || answer.status >= 500) return unreachable();
  if (!answer.ok) return;
  const state = await answer.json();
  missed = 0;
  at("talk-state").textContent = stateWords(state);
  at("urgent").hidden = !state.danger;
  at("ways").hidden = !state.machine;
  form.hidden = at("end").hidden = state.state === "ENDED";
  at("again").hidden = state.state !== "ENDED";
  at("rating").hidden = !state.rating;
  if (state.rating) at("rating").href = state.rating;
}

const look = () => Promise.allSettled([thread.catchUp(), refresh()]);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  thread.say(text);
  field.focus();
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(hover: hover)").matches) {
    event.preventDefault();
    form.requestSubmit();
  }
});
field.addEventListener("input", () => {
  if (Date.now() - typingSaid < TYPING_EVERY_MS) return;
  typingSaid = Date.now();
  post(room.dataset.typing, {}).catch(() => {});
});
at("person").addEventListener("click", () => thread.say(t("我要找人")));
document.addEventListener("push:chat-typing", (event) => {
  if (event.detail.data.author === "SEEKER") return;
  at("other-typing").hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => (at("other-typing").hidden = true), TYPING_SHOWN_MS);
});
document.addEventListener("push:chat-message-posted", () => {
  at("other-typing").hidden = true;
  thread.catchUp().catch(() => {});
});
const HANDLED = new Set(["chat.message-posted", "chat.typing"]);
document.addEventListener("push", (event) => !HANDLED.has(event.detail?.name) && look());
document.addEventListener("push:resync", look);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
window.addEventListener("online", look);
window.addEventListener("offline", () => (unreachable(), unreachable()));
setInterval(look, LOOK_EVERY_MS);
look();
