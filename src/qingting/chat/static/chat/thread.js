/**
 * One conversation on a page: shows what was said in order, sends what is written until it is stored, and catches up
 * after a lost network. Used by the seeker's page and by the seat.
 *
 * The server numbers messages without gaps; the page asks for everything behind the last number it shows. What is
 * being sent carries a key made here, so that sending it again stores it once.
 */
import { csrfToken } from "/static/js/csrf.js";

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const AUTHOR_CLASS = { SEEKER: "seeker", COUNSELLOR: "counsellor", SYSTEM: "system", MACHINE: "machine" };

/** POST as JSON or as form fields; throws an Error with `.status` and `.refusal` when the server says no. */
export async function post(url, body, { json = false } = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json", ...(json && { "Content-Type": "application/json" }) },
    body: json ? JSON.stringify(body) : new URLSearchParams(body),
    redirect: "manual",
  });
  if (answer.ok || answer.type === "opaqueredirect") return answer.status === 204 ? {} : answer.json().catch(() => ({}));
  const error = new Error(String(answer.status));
  error.status = answer.status;
  error.refusal = await answer.json().catch(() => null);
  throw error;
}

export class Thread {
  /**
   * @param {object} options list: the <ol>; url: messages address; me: SEEKER or COUNSELLOR; names: words above bubbles
   *   by author; decorate(bubble, message): what a page adds; onMarks(marks): read marks after each fetch.
   */
  constructor({ list, url, me, names = {}, decorate = () => {}, onMarks = () => {}, onRefusal = () => {}, says = {} }) {
    Object.assign(this, { list, url, me, names, decorate, onMarks, onRefusal });
    this.says = { sending: "发送中", again: "网络不太好，正在重新发送", failed: "没有发出去，请再试一次", ...says };
    this.shown = 0;
    this.bubbles = new Map(); // key → <li> still being sent
    this.queue = [];
    this.sending = false;
    this.fetching = null;
    this.again = false;
  }

  /** Fetch everything behind what is shown. Calls made while one is under way are folded into one more. */
  async catchUp() {
    if (this.fetching) {
      this.again = true;
      return this.fetching;
    }
    this.fetching = this.#fetchAll().finally(() => {
      this.fetching = null;
      if (this.again) {
        this.again = false;
        this.catchUp().catch(() => {});
      }
    });
    return this.fetching;
  }

  async #fetchAll() {
    for (;;) {
      const answer = await fetch(`${this.url}?after=${this.shown}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = await answer.json();
      page.messages.forEach((message) => this.#show(message));
      this.onMarks(page);
      if (page.messages.length === 0 || this.shown >= page.last_seq) return;
    }
  }

  /** Write something: it stands on the page at once and is sent until the server has stored it. */
  say(text) {
    const key = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const bubble = this.#bubble({ author: this.me, text, key, at: new Date().toISOString() });
    bubble.classList.add("sending");
    this.#state(bubble, this.says.sending);
    this.bubbles.set(key, bubble);
    this.queue.push({ key, text });
    this.list.append(bubble);
    this.#toEnd();
    this.#pump();
  }

  async #pump() {
    if (this.sending) return;
    this.sending = true;
    for (let attempt = 0; this.queue.length > 0; ) {
      const { key, text } = this.queue[0];
      try {
        await post(this.url, { key, text }, { json: true });
        this.queue.shift();
        attempt = 0;
        this.catchUp().catch(() => {});
      } catch (error) {
        if (error.status >= 400 && error.status < 500 && error.status !== 429) {
          this.#refused(this.queue.shift().key, error.refusal);
          continue;
        }
        this.#state(this.bubbles.get(key), this.says.again);
        await new Promise((done) => setTimeout(done, RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)]));
      }
    }
    this.sending = false;
  }

  #refused(key, refusal) {
    const bubble = this.bubbles.get(key);
    bubble.classList.replace("sending", "failed");
    this.#state(bubble, refusal ? `${refusal.message}${refusal.do_next ?? ""}` : this.says.failed);
    this.onRefusal(refusal);
  }

  #show(message) {
    if (message.seq <= this.shown) return;
    const pending = message.author === this.me ? this.bubbles.get(message.key) : null;
    this.bubbles.delete(message.key);
    pending?.remove();
    const near = this.#isNearEnd();
    const bubble = this.#bubble(message);
    bubble.dataset.seq = message.seq;
    this.list.insertBefore(bubble, this.list.querySelector(".sending, .failed"));
    this.decorate(bubble, message);
    this.shown = message.seq;
    if (near || message.author === this.me) this.#toEnd();
  }

  #bubble(message) {
    const item = document.createElement("li");
    item.className = `bubble ${AUTHOR_CLASS[message.author]}`;
    if (message.author !== "SYSTEM") {
      const who = document.createElement("span");
      who.className = "who";
      who.textContent = [this.names[message.author], clock(message.at)].filter(Boolean).join(" · ");
      item.append(who);
    }
    const words = document.createElement("div");
    words.className = "words";
    words.append(...marked(message.text, message.signs ?? []));
    item.append(words);
    return item;
  }

  #state(bubble, text) {
    let line = bubble.querySelector(".state");
    if (!line) bubble.append((line = Object.assign(document.createElement("span"), { className: "state" })));
    line.textContent = text;
  }

  #isNearEnd() {
    const box = scroller(this.list);
    return box.scrollHeight - box.scrollTop - box.clientHeight < 160;
  }

  #toEnd() {
    const box = scroller(this.list);
    box.scrollTop = box.scrollHeight;
  }
}

function scroller(list) {
  return list.closest("[data-scroll]") ?? document.scrollingElement;
}

function clock(at) {
  return new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }).format(new Date(at));
}

/** The text as nodes, with danger signs marked. Offsets count characters, not UTF-16 units. */
function marked(text, signs) {
  const characters = Array.from(text);
  const nodes = [];
  let at = 0;
  for (const sign of merged(signs.filter((one) => one.corrected !== "NONE"))) {
    nodes.push(...linked(characters.slice(at, sign.start).join("")));
    const mark = document.createElement("mark");
    mark.className = `danger-sign ${sign.level.toLowerCase()}`;
    mark.textContent = characters.slice(sign.start, sign.end).join("");
    mark.title = `${sign.type_label} · ${sign.level_label}`;
    nodes.push(mark);
    at = sign.end;
  }
  nodes.push(...linked(characters.slice(at).join("")));
  return nodes;
}

/** Addresses of this very site can be followed; anybody else's stay words, so that nobody is led away. */
function linked(text) {
  return text.split(/(https?:\/\/[^\s，。；]+)/).map((part) => {
    if (!part.startsWith(`${location.origin}/`)) return part;
    return Object.assign(document.createElement("a"), { href: part, textContent: part, rel: "noreferrer" });
  });
}

function merged(signs) {
  const kept = [];
  for (const sign of [...signs].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (!kept.length || sign.start >= kept[kept.length - 1].end) kept.push(sign);
  }
  return kept;
}
