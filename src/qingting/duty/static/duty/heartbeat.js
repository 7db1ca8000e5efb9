/** Tells the server that this page is open, so that the seat stays at its state; a closed page lapses by itself. */
import { csrfToken } from "/static/js/csrf.js";

const EVERY_MS = 15_000;
const presence = document.getElementById("presence");
const url = presence.dataset.heartbeat;

function beat() {
  fetch(url, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, keepalive: true }).catch(() => {});
}
beat();
setInterval(beat, EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat());

// A choice that did not arrive must not stand there as if it had: the stored state is shown again.
presence.closest("form").addEventListener("htmx:afterRequest", (told) => {
  if (!told.detail.successful && told.detail.requestConfig.verb === "post") htmx.trigger(presence, "push");
});
