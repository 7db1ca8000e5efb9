/**
 * A page that is left takes the voices with it. While somebody talks, links therefore open beside it, and closing it asks.
 * After a reload the call comes back by itself; this only spares the caller the seconds of music.
 */
import { toast } from "/static/js/toast.js";

let told = false;

/** `busy`: whether this page carries a call now. */
export function stayDuring(busy) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !busy() || !leaves(link) || event.defaultPrevented) return;
    link.target = "_blank";
    link.rel = "opener";
    explain();
  }, true);
  document.addEventListener("submit", (event) => {
    if (busy() && !event.target.closest("[hx-post], [hx-get], [data-draft-url]") && !event.defaultPrevented) event.target.target = "_blank";
  }, true);
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const to = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!to || !busy()) return;
    event.preventDefault();
    window.open(to, "_blank");
    explain();
  });
  addEventListener("beforeunload", (event) => busy() && event.preventDefault());
}

function leaves(link) {
  const to = new URL(link.href, location.href);
  const sameSpot = to.pathname === location.pathname && to.search === location.search && to.hash;
  return to.origin === location.origin && !sameSpot && !link.hasAttribute("download");
}

function explain() {
  if (!told) toast("通话中，已在新标签页打开，通话不受影响。");
  told = true;
}
