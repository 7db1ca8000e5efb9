/**
 * Leave quickly, for somebody who must not be seen here: a button, or Esc three times within two seconds.
 *
 * `[data-quick-exit]` holds the neutral address; without JavaScript it is an ordinary link there. Links within the site
 * replace each other in the history, so that Back leaves the site. What the browser keeps of its own accord can't be
 * erased from here, and the page says so.
 */

const WITHIN_MS = 2000;
const TIMES = 3;
let presses = [];

const button = () => document.querySelector("[data-quick-exit]");

function leave() {
  document.body.hidden = true; // at once, also while the other site is still loading
  document.title = " ";
  try {
    sessionStorage.clear();
  } catch {
    // forbidden here, so there is nothing to clear
  }
  location.replace(button().href);
}

function countEscape(event) {
  if (event.key !== "Escape") return;
  const now = Date.now();
  presses = [...presses.filter((moment) => now - moment < WITHIN_MS), now];
  if (presses.length >= TIMES && button()) leave();
}

function follow(event) {
  const target = event.target.closest("a[href]");
  if (!target || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target.matches("[data-quick-exit]")) {
    event.preventDefault();
    leave();
  } else if (target.origin === location.origin && !target.target && !target.hasAttribute("download")) {
    if (target.pathname === location.pathname && target.hash) return;
    event.preventDefault();
    location.replace(target.href);
  }
}

document.addEventListener("keydown", countEscape);
document.addEventListener("click", follow);
window.addEventListener("pageshow", () => { document.body.hidden = false; });
