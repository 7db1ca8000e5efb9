/**
 * Nothing typed is lost. A form with `data-draft-url` saves itself 400 ms after the last key:
 *
 *   <form data-draft-url="{% url 'contacts:draft' contact.id %}"> … <output class="save-state" data-draft-state></output>
 *
 * The fields go there as a POST (`data-draft-method` changes that); any 2xx means saved. What cannot be delivered is
 * tried again with back-off, sent once more when the page is left, and kept in the page when the server swaps the
 * fragment around it: what this person typed wins over what the server drew.
 */
import { csrfToken } from "./csrf.js";

const QUIET_MS = 400;
const LONGEST_WAIT_MS = 20_000;
const WORDS = { saving: "正在保存…", saved: "已保存", unsaved: "未保存，将自动重试" };
const drafts = new Map(); // draft URL → its state
let focused = null; // the field in use when a swap began

const formOf = (url) => document.querySelector(`form[data-draft-url="${CSS.escape(url)}"]`);

function draftOf(form) {
  const url = form.dataset.draftUrl;
  if (!drafts.has(url)) {
    drafts.set(url, { url, typed: new Map(), body: "", timer: 0, attempt: 0, sending: false, dirty: false });
  }
  return drafts.get(url);
}

function show(draft, state, words = WORDS[state]) {
  const place = formOf(draft.url)?.querySelector("[data-draft-state]");
  if (!place) return;
  place.dataset.state = state;
  place.textContent = words;
}

function bodyOf(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  return new URLSearchParams(fields).toString();
}

function request(form, draft, keepalive) {
  return fetch(draft.url, {
    method: form?.dataset.draftMethod ?? "POST",
    body: draft.body,
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-CSRFToken": csrfToken(),
      Accept: "application/json",
    },
    redirect: "manual", // a redirect leads to the sign-in page, which would look like success
    keepalive,
  });
}

async function save(draft) {
  if (draft.sending) return; // the end of that request looks again
  clearTimeout(draft.timer);
  draft.sending = true;
  draft.dirty = false;
  show(draft, "saving");
  let answer = null;
  try {
    answer = await request(formOf(draft.url), draft, false);
  } catch {
    // no network: the same as any other failure
  }
  draft.sending = false;
  if (answer?.ok) await delivered(draft);
  else await failed(draft, answer);
}

async function delivered(draft) {
  draft.attempt = 0;
  if (draft.dirty) save(draft);
  else show(draft, "saved");
}

async function failed(draft, answer) {
  draft.dirty = true;
  const refused = answer && answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status);
  if (refused) {
    const said = await answer.json().catch(() => ({}));
    show(draft, "unsaved", `未保存：${said.message ?? "服务器没有接受"}`);
    return;
  }
  const signedOut = answer?.type === "opaqueredirect" || answer?.status === 401;
  show(draft, "unsaved", signedOut ? "未保存：登录已过期，请在新标签页重新登录，文字仍在本页" : WORDS.unsaved);
  const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** draft.attempt);
  draft.attempt += 1;
  draft.timer = setTimeout(save, wait, draft);
}

function typed(event) {
  const field = event.target;
  const form = field.form;
  if (!form?.dataset.draftUrl || !field.name) return;
  const draft = draftOf(form);
  draft.typed.set(keyOf(field), valueOf(field));
  draft.body = bodyOf(form);
  draft.dirty = true;
  draft.attempt = 0;
  show(draft, "saving");
  clearTimeout(draft.timer);
  draft.timer = setTimeout(save, QUIET_MS, draft);
}

const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const keyOf = (field) => (field.type === "checkbox" ? `${field.name}=${field.value}` : field.name);

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
}

function fill(field, value) {
  if (ticks(field)) field.checked = field.type === "radio" ? field.value === value : value;
  else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
}

/** Put back what was typed into a form that the server has drawn again. */
function restore(form) {
  const draft = drafts.get(form.dataset.draftUrl);
  if (!draft) return;
  for (const field of form.elements) {
    const key = field.name && keyOf(field);
    if (key && draft.typed.has(key)) fill(field, draft.typed.get(key));
  }
  show(draft, draft.dirty || draft.sending ? "saving" : "saved");
}

function rememberFocus(target) {
  const field = document.activeElement;
  focused = null;
  if (!field?.form?.dataset.draftUrl || !target.contains(field)) return;
  const caret = typeof field.selectionStart === "number" ? [field.selectionStart, field.selectionEnd] : null;
  focused = { url: field.form.dataset.draftUrl, name: field.name, caret };
}

function returnFocus() {
  const field = focused && formOf(focused.url)?.elements.namedItem(focused.name);
  if (field instanceof HTMLElement && document.activeElement !== field) {
    field.focus({ preventScroll: true });
    if (focused.caret) field.setSelectionRange(...focused.caret);
  }
  focused = null;
}

/** Sent for good: the draft is no longer wanted. */
function forget(form) {
  const draft = drafts.get(form.dataset.draftUrl);
  if (!draft) return;
  clearTimeout(draft.timer);
  drafts.delete(draft.url);
}

function flush() {
  for (const draft of drafts.values()) {
    if (!draft.dirty) continue;
    clearTimeout(draft.timer);
    request(formOf(draft.url), draft, true).then((answer) => { if (answer.ok) draft.dirty = false; }, () => {});
    draft.timer = setTimeout(save, QUIET_MS * 5, draft); // in case the page lives on
  }
}

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("htmx:beforeSwap", (event) => rememberFocus(event.detail.target));
document.addEventListener("htmx:afterSettle", () => {
  document.querySelectorAll("form[data-draft-url]").forEach(restore);
  returnFocus();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = requestConfig?.elt?.closest?.("form[data-draft-url]"); // detail.elt is another where the form was swapped away
  const accepted = xhr.status >= 200 && xhr.status < 400; // a refusal that is shown counts as successful for htmx
  if (form && accepted && requestConfig.triggeringEvent?.type === "submit") forget(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const byHtmx = form.matches("[hx-post], [hx-put], [hx-patch]");
  if (form.dataset.draftUrl && !byHtmx && !event.defaultPrevented) forget(form);
});
document.addEventListener("visibilitychange", () => document.hidden && flush());
window.addEventListener("pagehide", flush);
