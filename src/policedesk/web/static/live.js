// Keeps the pieces of a page fresh. The server says "changed"; each piece marked data-live is fetched again and
// replaced when it reads differently. A form that someone is filling in is never replaced under their hands.

const pieces = () => [...document.querySelectorAll("[data-live]")];
const shown = new Map(pieces().map((piece) => [piece.id, null]));
const title = document.title;
let looking = false;
let again = false;
let unseen = 0;

async function refresh(piece) {
  const answer = await fetch(piece.dataset.live, { headers: { "x-piece": "1" } });
  if (answer.status === 401) {
    location.assign("/sign-in");
    return;
  }
  if (!answer.ok) return;
  const text = await answer.text();
  if (comparable(text) === shown.get(piece.id)) return;
  const first = shown.get(piece.id) === null;
  shown.set(piece.id, comparable(text));
  if ("typed" in piece.dataset && (first || beingTyped(piece, text))) return;
  const known = new Set([...piece.querySelectorAll("[data-id]")].map((row) => row.dataset.id));
  const focused = piece.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  piece.innerHTML = text;
  if (focused) piece.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  if ("arrivals" in piece.dataset && !first) announce(piece, known);
  document.dispatchEvent(new Event("desk:refreshed"));
}

// Ids made for each form, and running clocks, differ every time and mean nothing new.
function comparable(text) {
  return text
    .replace(/name="(message_id|suggested)" value="[^"]*"/g, "")
    .replace(/(<time class="clock"[^>]*>)[^<]*/g, "$1");
}

function beingTyped(piece, text) {
  const incoming = new DOMParser().parseFromString(text, "text/html").querySelector("[data-state]");
  const current = piece.querySelector("[data-state]");
  if (incoming?.dataset.state === current?.dataset.state) return true;
  const touched = [...piece.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
  if (!touched) return false;
  tellStale(piece);
  return true;
}

function tellStale(piece) {
  if (piece.querySelector(".stale")) return;
  const notice = document.createElement("p");
  notice.className = "notice stale";
  notice.setAttribute("role", "status");
  notice.textContent = "这条警情的状态刚刚变化。您填写的内容还在，请看最新情况后再提交。";
  piece.prepend(notice);
}

function announce(piece, known) {
  const fresh = [...piece.querySelectorAll(".row.waiting[data-id]")].filter((row) => !known.has(row.dataset.id));
  for (const row of fresh) {
    row.classList.add("arrived");
    setTimeout(() => row.classList.remove("arrived"), 20000);
  }
  if (!fresh.length) return;
  const words = fresh.map((row) => `${row.querySelector(".badge").textContent}：${row.querySelector(".row-title").textContent}`);
  document.getElementById("announcer").textContent = `新的警情。${words.join("；")}`;
  unseen += fresh.length;
  if (document.hidden) document.title = `（${unseen} 条新警情）${title}`;
}

async function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  do {
    again = false;
    const done = await Promise.allSettled(pieces().map(refresh));
    document.getElementById("lost").hidden = done.every((piece) => piece.status === "fulfilled");
  } while (again);
  looking = false;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = title;
  look();
});

let source;
function listen() {
  source = new EventSource("/live");
  source.addEventListener("changed", look);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}
listen();
setInterval(() => source.readyState !== EventSource.OPEN && look(), 1000);
setInterval(look, 15000);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && listen());
