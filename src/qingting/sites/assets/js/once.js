/**
 * A second press on the same button sends nothing twice, however slow the network: a form that is on its way is held until the answer is
 * there, for ten seconds at most. A form whose own module sends it (the chat) is left alone, and so is whatever only asks (GET).
 */
const HELD = 10_000;
let leftAt = new WeakMap(); // form → when it was sent

document.addEventListener(
  "submit",
  (event) => {
    if (Date.now() - (leftAt.get(event.target) ?? -HELD) < HELD) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.method === "post") leftAt.set(event.target, Date.now());
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("form[hx-post]") && detail.requestConfig.triggeringEvent?.type === "submit") leftAt.set(detail.elt, Date.now());
});
document.addEventListener("htmx:afterRequest", ({ detail }) => leftAt.delete(detail.elt));
window.addEventListener("pageshow", () => (leftAt = new WeakMap())); // back from the next page, with the form as it was
