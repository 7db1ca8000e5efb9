/** The crisis' page: its talk in place, read and answered, and the record on paper. */
import "/static/risk/print.js";
import { sayWhatIsFound } from "/static/chat/say.js";
import { post, Thread } from "/static/chat/thread.js";
import { refuse } from "/static/js/toast.js";

const room = document.getElementById("crisis-talk");
const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 5000;

if (room) openTalk(room);

/** What can be done with the call is done by the telephone's own panel, which lies over this page as over any other. */
document.addEventListener("click", ({ target }) => {
  const wanted = target.closest("[data-telephone]");
  if (!wanted) return;
  const panel = document.getElementById("telephone");
  const button = panel?.querySelector(wanted.dataset.telephone);
  if (panel?.hidden) document.getElementById("telephone-button").click();
  if (!button || button.hidden || panel.dataset.view !== "talking") return refuse("电话不在这个浏览器里。", "请在接电话的那个窗口里操作，或先打开电话。");
  button.click();
});

function openTalk(room) {
  const mine = room.dataset.mine === "1";
  const form = room.querySelector("[data-form]");
  const typing = room.querySelector("[data-other-typing]");
  let typingTimer = 0;
  let readUpto = 0;
  const thread = new Thread({
    list: room.querySelector("[data-thread]"),
    url: room.dataset.messages,
    me: mine ? "COUNSELLOR" : "",
    names: { SEEKER: "来访者", COUNSELLOR: mine ? "我" : "咨询师", MACHINE: "自动回复" },
    decorate: showSigns,
    onMarks: () => {
      if (!mine || document.visibilityState !== "visible" || thread.shown <= readUpto) return;
      readUpto = thread.shown;
      post(room.dataset.read, { upto: readUpto }).catch(() => {});
    },
  });
  const look = () => thread.catchUp().catch(() => {});
  const own = (name, act) =>
    document.addEventListener(`push:${name}`, ({ detail }) => detail.ids.conversation === room.dataset.conversation && act(detail));
  for (const name of ["chat-message-posted", "chat-danger-seen", "chat-read"]) own(name, look);
  own("chat-ended", () => { form?.remove(); look(); });
  own("chat-typing", ({ data }) => {
    if (data.author !== "SEEKER") return;
    typing.hidden = false;
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => (typing.hidden = true), TYPING_SHOWN_MS);
  });
  document.addEventListener("push:resync", look);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  if (form) answer(form, thread, room);
  sayWhatIsFound(() => room.querySelector("[data-form]") && thread);
  look();
}

function showSigns(bubble, message) {
  if (!message.signs?.length) return;
  const line = Object.assign(document.createElement("div"), { className: "signs" });
  const kinds = new Map(message.signs.map((sign) => [sign.type_label, sign]));
  for (const sign of [...kinds.values()].slice(0, 4)) {
    line.append(Object.assign(document.createElement("span"), { className: `tag ${sign.level.toLowerCase()}`, textContent: `${sign.type_label} · ${sign.level_label}` }));
  }
  bubble.append(line);
}

function answer(form, thread, room) {
  const field = form.elements.words;
  let said = 0;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    thread.say(text);
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener("input", () => {
    if (Date.now() - said < TYPING_EVERY_MS) return;
    said = Date.now();
    post(room.dataset.typing, {}).catch(() => {});
  });
}
