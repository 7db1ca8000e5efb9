/** Self-help pages: one step a screen, and kept for when there is no network. */
import { t } from "./words.js";

const place = document.querySelector("[data-worker]");

/** Only where the browser can; the pages work without. */
async function keepPages() {
  if (!place || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(place.dataset.worker);
    const kept = document.querySelector("[data-kept]");
    if (kept) kept.hidden = false;
  } catch {
    // a private window refuses; then there is simply nothing kept
  }
}

async function forgetPages() {
  for (const name of await caches.keys()) if (name.startsWith("self-help-")) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  document.querySelector("[data-forgotten]").textContent = t("已经清掉了。");
}

function stepThrough(page) {
  const steps = [...page.querySelectorAll("[data-step]")];
  const [before, after, where] = ["before", "after", "where"].map((name) => page.querySelector(`[data-${name}]`));
  let current = 0;
  const show = (number, focus = true) => {
    current = number;
    steps.forEach((step, index) => (step.hidden = index !== current));
    before.disabled = current === 0;
    after.textContent = current === steps.length - 1 ? page.dataset.last : page.dataset.next;
    where.textContent = `${current + 1} / ${steps.length}`;
    if (focus) Object.assign(steps[current].querySelector("h2"), { tabIndex: -1 }).focus();
  };
  before.addEventListener("click", () => show(current - 1));
  after.addEventListener("click", () => show((current + 1) % steps.length));
  page.querySelector("[data-turn]").hidden = false;
  page.classList.add("stepping");
  show(0, false);
}

/** Without network nobody is led to a page that can't open: calling works, and the page says so. */
function heedNetwork() {
  const offline = !navigator.onLine;
  for (const way of document.querySelectorAll("[data-needs-network]")) way.hidden = offline;
  for (const words of document.querySelectorAll("[data-offline]")) words.hidden = !offline;
}

for (const change of ["online", "offline"]) window.addEventListener(change, heedNetwork);
heedNetwork();
const page = document.querySelector("[data-steps]");
if (page) stepThrough(page);
document.querySelector("[data-forget]")?.addEventListener("click", forgetPages);
keepPages();
