/**
 * Short messages at the edge of the page: refusals of the server, confirmations, and requests that never arrived.
 *
 * A DomainError comes as a fragment with `HX-Retarget: #refusal`; the server confirms with
 * `HX-Trigger: {"toast": {"text": "已派单"}}`; a module calls `toast("…")`.
 */

const REFUSAL_SECONDS = 20;
const TOAST_SECONDS = 6;

/** Take an element away after some seconds, unless somebody is reading it with the pointer or the keyboard. */
function leaveAfter(element, seconds) {
  setTimeout(() => {
    if (!element.isConnected) return;
    if (element.matches(":hover, :focus-within")) leaveAfter(element, 3);
    else element.remove();
  }, seconds * 1000);
}

function addClose(element) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.setAttribute("aria-label", "关闭这条提示");
  button.textContent = "✕";
  button.addEventListener("click", () => element.remove());
  element.append(button);
}

/**
 * Say something that needs no answer.
 * @param {string} text what happened, in words of a colleague
 * @param {object} more url: where to look at it; level: CRITICAL or URGENT colours the edge and stays longer
 */
export function toast(text, { url = "", level = "" } = {}) {
  const place = document.getElementById("toasts");
  if (!place) return;
  const element = document.createElement("div");
  element.className = `toast ${level.toLowerCase()}`.trim();
  const words = document.createElement("span");
  words.textContent = text;
  element.append(words);
  if (url) element.append(Object.assign(document.createElement("a"), { href: url, textContent: "查看" }));
  addClose(element);
  place.append(element);
  leaveAfter(element, level ? REFUSAL_SECONDS : TOAST_SECONDS);
}

/**
 * Say that something was not done, and what helps.
 * @param {string} message what was refused
 * @param {string} doNext what to do next
 */
export function refuse(message, doNext = "") {
  const place = document.getElementById("refusal");
  if (!place) return;
  const element = document.createElement("div");
  element.className = "refusal";
  for (const [tag, text] of [["strong", message], ["span", doNext]]) {
    if (text) element.appendChild(document.createElement(tag)).textContent = text;
  }
  place.replaceChildren(element);
  dress(element);
}

function dress(element) {
  addClose(element);
  leaveAfter(element, REFUSAL_SECONDS);
}

/** Tell people who listen to the page rather than look at it. */
export function announce(text) {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
}

// htmx swaps nothing for 4xx; a refusal says where it belongs.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("HX-Retarget") !== "#refusal") return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  event.detail.selectOverride = "unset";
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "refusal") return;
  const element = event.detail.target.querySelector(".refusal");
  if (element) dress(element);
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const reference = xhr.getResponseHeader("X-Request-Reference");
  const told = reference ? `报修时请告诉我们编号 ${reference}。` : "";
  if (xhr.status >= 500) refuse("系统出了点问题，这一步没有完成。", `已填写的内容还在，请稍后再试。${told}`);
  else if (xhr.status !== 401) refuse("这一步没有完成。", `请刷新页面后再试。${told}`);
});

document.addEventListener("htmx:sendError", () => {
  refuse("网络没有连上，这一步没有送达。", "已填写的内容还在，连上后请再点一次。");
});

document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value ?? "", event.detail));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("#refusal .close")?.click();
});
