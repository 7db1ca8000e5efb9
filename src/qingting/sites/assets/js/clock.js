/**
 * Running clocks. The page brings moments, never durations, and `<meta name="server-now">` corrects a wrong clock here.
 *
 *   <time class="clock" data-clock-from="2026-03-04T12:00:00+08:00">      已进行 3分12秒
 *   <time class="clock" data-clock-due="…" data-clock-warn="300">        还剩 4分05秒 → 超时 12秒
 *
 * `data-clock-warn`: seconds before the end from which it is `near` (300 unless told); `data-state` says running, near
 * or late for the colour. `data-clock-words="排队 "` replaces the word in front. `data-clock-say="工单"`: the turn
 * to near and to late is also read out.
 */
import { announce } from "./toast.js";

const DEFAULT_WARN_SECONDS = 300;
const two = (number) => String(number).padStart(2, "0");

function serverOffset() {
  const told = document.querySelector('meta[name="server-now"]')?.content;
  return told ? Date.parse(told) - (performance.timeOrigin + performance.now()) : 0;
}

const offset = serverOffset();

/** A span as people say it; seconds are left out from an hour on. */
export function inWords(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days) return `${days}天${hours}小时`;
  if (hours) return `${hours}小时${two(minutes)}分`;
  if (minutes) return `${minutes}分${two(whole % 60)}秒`;
  return `${whole}秒`;
}

function reading(element, now) {
  if (element.dataset.clockDue) {
    const left = (Date.parse(element.dataset.clockDue) - now) / 1000;
    const warn = Number(element.dataset.clockWarn) || DEFAULT_WARN_SECONDS;
    if (left <= 0) return ["late", `超时 ${inWords(-left)}`];
    return [left <= warn ? "near" : "running", `${element.dataset.clockWords ?? "还剩 "}${inWords(left)}`];
  }
  const passed = (now - Date.parse(element.dataset.clockFrom)) / 1000;
  const warn = Number(element.dataset.clockWarn) || Infinity;
  return [passed >= warn ? "near" : "running", `${element.dataset.clockWords ?? "已进行 "}${inWords(passed)}`];
}

function say(element, state) {
  const subject = element.dataset.clockSay;
  if (subject && element.dataset.state) announce(`${subject}${state === "late" ? "已超时" : "快到时限了"}`);
}

function tick() {
  const now = Date.now() + offset;
  for (const element of document.querySelectorAll("[data-clock-from], [data-clock-due]")) {
    const [state, words] = reading(element, now);
    if (element.textContent !== words) element.textContent = words;
    if (element.dataset.state === state) continue;
    if (state !== "running") say(element, state);
    element.dataset.state = state;
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSwap", tick);
