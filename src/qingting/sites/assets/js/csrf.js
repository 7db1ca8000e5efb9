/**
 * Sends Django's form token with every htmx request, and hands it to the modules that fetch for themselves.
 */

/** @returns {string} the token from the `qt_csrf` cookie, or "" where no page has set one. */
export function csrfToken() {
  const found = document.cookie.match(/(?:^|; )qt_csrf=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : "";
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});
