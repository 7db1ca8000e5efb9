/**
 * Light, dark, or as the system says. The choice lives in a cookie, so that the server draws the next page right.
 */

const YEAR_SECONDS = 31_536_000;

function mark(choice) {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

/** @param {"auto" | "light" | "dark"} choice */
function choose(choice) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `qt_theme=${choice}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`;
  document.documentElement.dataset.theme = choice;
  mark(choice);
  document.dispatchEvent(new CustomEvent("theme:changed", { detail: choice }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (button) choose(button.dataset.themeChoice);
});

mark(document.documentElement.dataset.theme || "auto");
