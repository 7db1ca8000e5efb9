/** Tells the server that this page is open, so that the seat stays at its state; a closed page lapses by itself. */
import { csrfToken } from "/static/js/csrf.js";

const EVERY_MS = 15_000;
const url = document.getElementById("presence").dataset.heartbeat;

function beat() {
  fetch(url, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, keepalive: true }).catch(() => {});
}
beat();
setInterval(beat, EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat());
