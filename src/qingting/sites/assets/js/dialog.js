/**
 * Dialogs and menus, declared in the page:
 *
 *   <button data-dialog-open="hand-over">…</button>  <dialog class="dialog" id="hand-over">…</dialog>
 *   a button with `data-dialog-close` inside; a click on the veil and Esc close as well
 *   <dialog data-dialog-auto> that arrives in a swapped fragment opens at once
 *   `HX-Trigger: dialog:close` from the server closes the topmost one
 *   hx-confirm="…" (htmx) and `<form data-confirm="…">` ask in our own dialog; `data-confirm-button` names the act
 *   <details class="menu"> closes with Esc, by a click elsewhere and when another one opens
 */

function show(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:opened", { bubbles: true }));
}

function closeTopmost() {
  [...document.querySelectorAll("dialog[open]")].pop()?.close();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

/**
 * Ask before something that can't be taken back.
 * @param {string} question the whole sentence
 * @param {string} act what the button says
 * @returns {Promise<boolean>}
 */
export function ask(question, act = "确定") {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question]").textContent = question;
  dialog.querySelector("[data-act]").textContent = act;
  dialog.returnValue = "";
  show(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) show(document.getElementById(opener.dataset.dialogOpen));
  else if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement && event.target.matches(".dialog")) event.target.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest?.("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

document.addEventListener("htmx:afterSwap", () => document.querySelectorAll("dialog[data-dialog-auto]").forEach(show));
document.addEventListener("dialog:close", closeTopmost);

// What the server sent to be read once is gone when it is closed, and does not open again with the next fragment.
document.addEventListener("close", ({ target }) => target.matches("dialog[data-dialog-auto]") && target.remove(), true);

document.addEventListener("htmx:confirm", async (event) => {
  const { question, elt, issueRequest } = event.detail;
  if (!question) return;
  event.preventDefault();
  if (await ask(question, elt.dataset.confirmButton)) issueRequest(true);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  if (!(await ask(form.dataset.confirm, form.dataset.confirmButton))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(event.submitter);
});
