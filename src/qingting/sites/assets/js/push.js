/**
 * One event stream per page. The server says that something happened (name and ids, never words of a person);
 * whoever shows it fetches it again.
 *
 * The page brings `<meta name="push-token">`, `<meta name="push-renew">` (address that answers `{token}`) and, in the
 * workbench, `<meta name="push-permit">`; `{% push_token %}` writes all three.
 *
 * What comes of an event `{name, ids, data, at}`:
 *  - `push` and `push:<name with dashes>` on <body>, bubbling to document:
 *      document.addEventListener("push:cases-opened", (event) => event.detail.ids.case)
 *  - `push` on each element that asked for it, once per 200 ms however many events there were:
 *      <section hx-get="…" hx-trigger="push" data-push="cases.opened orders.*" data-push-case="123">
 *    Names may end in `.*`; `*` is everything. `data-push-<kind>="id"` lets through only events about that id.
 *    While somebody types inside the element, its refresh waits until the field is left; while a dialog inside it is
 *    open, until that is closed.
 *  - `push:resync` on <body> after a lost connection came back, and `push` on every element with data-push.
 */
import { csrfToken } from "./csrf.js";

const RENEW_AFTER_MS = 9 * 60 * 1000; // a token is good for ten minutes
const LONGEST_WAIT_MS = 30_000;
const SHOW_LOST_AFTER_MS = 2_000;
const DEFAULT_WAIT_MS = 200;
const SETTLE_MS = 1_200; // who leaves a field is often about to press the button beside it
const OPTIONS = new Set(["wait"]); // data-push-… attributes that are no filters

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const link = {
  source: null, token: "", lastId: "", attempt: 0, wasLost: false, lostTimer: 0, renewTimer: 0, retryTimer: 0,
};
const waiting = new Map(); // element → timer

function showState(state) {
  for (const element of document.querySelectorAll("[data-link-state]")) {
    if (element.dataset.state === state) continue;
    element.dataset.state = state;
    element.textContent = state === "connected" ? "已连接" : "正在重连";
  }
  const banner = document.getElementById("link-banner");
  if (banner) banner.hidden = state === "connected";
}

/** A fresh token. Throws when the network fails; "" when the sign-in is over. */
async function renewedToken() {
  const body = new URLSearchParams({ permit: meta("push-permit"), token: link.token });
  const answer = await fetch(meta("push-renew"), {
    method: "POST",
    body,
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500 && answer.status !== 429)) return "";
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).token;
}

function open() {
  clearTimeout(link.retryTimer);
  const query = new URLSearchParams({ token: link.token });
  if (link.lastId) query.set("after", link.lastId);
  link.source?.close();
  const source = new EventSource(`/events?${query}`);
  link.source = source;
  source.addEventListener("hello", greeted);
  source.onmessage = (event) => {
    link.lastId = event.lastEventId;
    deliver(JSON.parse(event.data));
  };
  source.onerror = () => {
    source.close();
    if (link.source === source) lost();
  };
}

function greeted(event) {
  link.lastId = event.lastEventId;
  link.attempt = 0;
  clearTimeout(link.lostTimer);
  clearTimeout(link.renewTimer);
  link.renewTimer = setTimeout(reconnect, RENEW_AFTER_MS);
  showState("connected");
  if (link.wasLost) resync();
  link.wasLost = false;
}

function lost() {
  link.source = null;
  if (!link.wasLost) {
    link.wasLost = true;
    link.lostTimer = setTimeout(showState, SHOW_LOST_AFTER_MS, "lost");
  }
  const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** link.attempt) * (0.5 + Math.random() / 2);
  link.attempt += 1;
  clearTimeout(link.retryTimer);
  link.retryTimer = setTimeout(reconnect, wait);
}

/** With a fresh token, from the place in the stream where we stood: the server sends what was missed between. */
async function reconnect() {
  try {
    const token = await renewedToken();
    if (!token) return signedOut();
    link.token = token;
    open();
  } catch {
    lost();
  }
}

function signedOut() {
  link.source?.close();
  showState("lost");
  document.body.dispatchEvent(new CustomEvent("push:signed-out", { bubbles: true }));
  const words = document.querySelector("#link-banner [data-words]");
  if (words) words.textContent = "登录已过期或岗位已切换，页面不再自动更新。请保存好正在写的内容，再刷新页面。";
}

function resync() {
  document.body.dispatchEvent(new CustomEvent("push:resync", { bubbles: true }));
  for (const element of document.querySelectorAll("[data-push]")) refresh(element, { resync: true });
}

function deliver(detail) {
  const dashed = detail.name.replaceAll(".", "-");
  for (const name of ["push", `push:${dashed}`]) {
    document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
  for (const element of document.querySelectorAll("[data-push]")) {
    if (wants(element, detail)) refresh(element, detail);
  }
}

function wants(element, { name, ids }) {
  const named = element.dataset.push
    .split(/\s+/)
    .some((asked) => asked === "*" || asked === name || (asked.endsWith(".*") && name.startsWith(asked.slice(0, -1))));
  return named && filters(element).every(([kind, id]) => String(ids[kind] ?? "") === id);
}

function filters(element) {
  return [...element.attributes]
    .filter((attribute) => attribute.name.startsWith("data-push-"))
    .map((attribute) => [attribute.name.slice("data-push-".length), attribute.value])
    .filter(([kind]) => !OPTIONS.has(kind))
    .map(([kind, id]) => [kind.replaceAll("-", "_"), id]);
}

const typingIn = (element) =>
  element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]");

function refresh(element, detail) {
  if (waiting.has(element)) return;
  const wait = Number(element.dataset.pushWait ?? DEFAULT_WAIT_MS);
  waiting.set(element, setTimeout(() => {
    waiting.delete(element);
    const dialog = element.querySelector("dialog[open]");
    if (dialog) return dialog.addEventListener("close", () => refresh(element, detail), { once: true });
    if (!typingIn(element)) return fire(element, detail);
    element.addEventListener("focusout", () => setTimeout(() => refresh(element, detail), SETTLE_MS), { once: true });
  }, wait));
}

function fire(element, detail) {
  if (element.isConnected) element.dispatchEvent(new CustomEvent("push", { detail }));
}

function start() {
  link.token = meta("push-token");
  if (!link.token) return;
  open();
  window.addEventListener("online", () => link.source ?? reconnect());
  window.addEventListener("offline", () => { link.source?.close(); lost(); });
  window.addEventListener("pagehide", () => link.source?.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) lost(); });
}

start();
