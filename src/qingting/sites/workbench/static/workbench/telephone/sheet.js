/** The record beside the talk: opened over whatever page one is at, so that nothing there is lost. */
import { withId } from "./api.js";

export class Sheet {
  #id = "";
  #drawn = "";

  constructor(place) {
    this.address = place.dataset.sheet;
    this.sheet = document.getElementById("call-sheet");
    this.button = place.querySelector("[data-sheet-switch]");
    this.button.addEventListener("click", () => (this.sheet.hidden ? this.#show() : this.hide()));
    this.sheet.addEventListener("click", (event) => this.#clicked(event.target));
    this.sheet.addEventListener("keydown", (event) => event.target.role === "tab" && this.#arrow(event));
    document.addEventListener("keydown", (event) => this.#keyed(event));
  }

  /** Which call; `ready`: somebody has answered it, so that there is a record. It opens by itself then, once. */
  about(id, { ready }) {
    const page = document.querySelector("[data-call-page]");
    this.button.hidden ||= !ready || page?.dataset.callPage === id;
    if (!ready || this.button.hidden || this.#id === id) return;
    this.#id = id;
    this.#show();
  }

  forget() {
    this.#id = "";
    this.#drawn = "";
    this.hide();
    this.sheet.replaceChildren();
  }

  hide() {
    this.sheet.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.textContent = "登记与处置";
  }

  #show() {
    this.sheet.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.button.textContent = "收起登记";
    if (this.#drawn === this.#id) return;
    this.#drawn = this.#id;
    htmx.ajax("GET", withId(this.address, this.#id), { target: this.sheet });
  }

  #clicked(target) {
    const tab = target.closest("[role=tab]");
    if (tab) this.#choose(tab);
    if (target.closest("[data-sheet-close]")) this.hide();
  }

  #choose(chosen) {
    for (const tab of chosen.parentElement.children) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls"));
      panel.hidden = !on;
      if (on) htmx.trigger(panel, "looked");
    }
  }

  #arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...event.target.parentElement.children];
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    this.#choose(next);
    next.focus();
  }

  /** Alt+1 to 4 as at the seat. */
  #keyed(event) {
    const wanted = event.altKey && { Digit1: 2, Digit2: 0, Digit3: 1, Digit4: 2 }[event.code];
    if (this.sheet.hidden || wanted === false || wanted === undefined) return;
    const tab = this.sheet.querySelectorAll("[role=tab]")[wanted];
    if (!tab || event.defaultPrevented) return;
    event.preventDefault();
    this.#choose(tab);
    tab.focus();
  }
}
