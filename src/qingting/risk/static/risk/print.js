/** What stands on the page, on paper. */
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
