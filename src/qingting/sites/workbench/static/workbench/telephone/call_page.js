/** The page of one call: its tabs, and itself again when something happens to the call. */
const page = document.querySelector("[data-call-page]");

page.addEventListener("click", (event) => {
  const chosen = event.target.closest("[role=tab]");
  if (chosen) choose(chosen);
});
page.addEventListener("keydown", (event) => {
  const step = event.target.role === "tab" && { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...event.target.parentElement.children];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  choose(next);
  next.focus();
});

function choose(chosen) {
  for (const tab of chosen.parentElement.children) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    panel.hidden = !on;
    if (on) htmx.trigger(panel, "looked");
  }
}
