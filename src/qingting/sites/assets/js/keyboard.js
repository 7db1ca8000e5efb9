/**
 * Keys for frequent acts, said where the act stands: `<button data-key="a">接听</button>`.
 *
 * A plain key works while nobody is typing; with Alt it works always. Two keys one after another (`g o`) are for going
 * somewhere. A link or button is pressed, a field is focused. The help dialog lists what the page offers
 * (`[data-keys-list]`), in the words of `data-key-label` or of the element itself. Plain keys can be switched off
 * there (WCAG 2.1.4); Alt keeps working.
 */

const SECOND_KEY_MS = 1000;
const YEAR_SECONDS = 31_536_000;
let first = ""; // the key before, while a second may follow
let firstTimer = 0;

const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const plainKeysOff = () => /(?:^|; )qt_keys=off/.test(document.cookie);
const label = (element) =>
  element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.replace(/\s+/g, " ").trim();

/** What can be reached now: in the topmost dialog where one is open, else on the page. */
function reachable() {
  const dialogs = document.querySelectorAll("dialog[open]");
  const root = dialogs.length ? dialogs[dialogs.length - 1] : document;
  return [...root.querySelectorAll("[data-key]")].filter((element) => !element.disabled && element.getClientRects().length);
}

function keyOf(event) {
  if (!event.altKey) return event.key.toLowerCase();
  return event.code.replace(/^(Key|Digit)/, "").toLowerCase(); // Alt changes the letter on some keyboards
}

/** `Alt+1` asks for Alt itself: for acts that a key pressed by mistake must not start. */
function keysOf(element, event) {
  const key = element.dataset.key.toLowerCase();
  return event.altKey ? [key, key.replace(/^alt\+/, "")] : [key];
}

function act(element) {
  if (typing(element)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (!event.altKey && (plainKeysOff() || typing(event.target))) return;
  const key = keyOf(event);
  const wanted = first ? `${first} ${key}` : key;
  const offered = reachable();
  const found = offered.find((element) => keysOf(element, event).includes(wanted));
  clearTimeout(firstTimer);
  first = "";
  if (found) {
    event.preventDefault();
    act(found);
  } else if (offered.some((element) => element.dataset.key.startsWith(`${key} `))) {
    first = key;
    firstTimer = setTimeout(() => { first = ""; }, SECOND_KEY_MS);
  }
}

function listInto(place) {
  place.replaceChildren();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!element.getClientRects().length || element.closest("dialog")) continue;
    const keys = document.createElement("dt");
    for (const key of element.dataset.key.split(" ")) {
      keys.append(Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() }), " ");
    }
    place.append(keys, Object.assign(document.createElement("dd"), { textContent: label(element) }));
  }
}

document.addEventListener("keydown", pressed);

document.addEventListener("dialog:opened", (event) => {
  const place = event.target.querySelector("[data-keys-list]");
  if (place) listInto(place);
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !plainKeysOff();
  box.addEventListener("change", () => {
    document.cookie = `qt_keys=${box.checked ? "on" : "off"}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  });
}
