/** Which microphone and speaker this browser uses; kept in the browser, because it is about this desk and not about a person. */

const KEY = "qingting.telephone";

function all() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** @param {"microphone"|"speaker"} what @returns {string} a device's id, "" for the browser's own choice */
export const chosen = (what) => all()[what] ?? "";

export function choose(what, id) {
  localStorage.setItem(KEY, JSON.stringify({ ...all(), [what]: id }));
}
