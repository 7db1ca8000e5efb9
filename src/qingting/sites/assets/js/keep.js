/**
 * Keeps what somebody has begun to write when news redraws the part of the page it stands in. Fields are found again by
 * their id. A swap that answers the field's own form is left alone: what was sent is no longer being written. Forms that
 * save themselves are kept by drafts.js.
 */

const TYPED = "input:not([type=hidden], [type=radio], [type=checkbox], [type=password]), textarea";
let kept = new Map(); // id → what was typed

const isTyped = (field) => field.id && field.value !== field.defaultValue && !field.closest("[data-draft-url]");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig?.triggeringEvent?.type !== "push") return;
  const fields = [...detail.target.querySelectorAll(TYPED)].filter(isTyped);
  kept = new Map([...kept, ...fields.map((field) => [field.id, field.value])]);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const [id, value] of kept) {
    const field = document.getElementById(id);
    if (field && field.value === field.defaultValue) field.value = value;
  }
  kept.clear();
});
