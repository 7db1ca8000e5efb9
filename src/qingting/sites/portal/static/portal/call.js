/** A seeker calls from the browser. The microphone is asked for only after the tap; nothing is kept on the device. */
import { t } from "./words.js";
import { csrfToken } from "/static/js/csrf.js";
import { Line, STATES, microphone, whyNot } from "/static/vendor/softphone.js";

const LOOK_EVERY_MS = 3_000;
const NUMBER = "12355";
const place = document.getElementById("voice");
const at = (name) => place.querySelector(`[data-${name}]`);
const TROUBLE = {
  denied: t("浏览器没有允许使用麦克风，我们听不到你。点地址栏左边的图标，把麦克风改成“允许”，再试一次。"),
  missing: t("没有找到麦克风。插上耳机，或者用下面的办法找我们。"),
  busy: t("麦克风正被别的程序使用。关掉它们再试一次，或者用下面的办法找我们。"),
  insecure: t("这个网址不能使用麦克风，请用下面的办法找我们。"),
};
const AWAY = t("现在接不通浏览器通话。可以打字聊，或者用电话打 12355。");
let dialled = false;
let talkingSince = 0;
let timers = [];

const line = new Line({
  account,
  microphone: () => microphone(),
  speaker: at("sound"),
  name: "qingting-visitor",
});

async function account() {
  const answer = await fetch(place.dataset.account, { method: "POST", headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } })
    .catch(() => null);
  if (answer?.ok) return answer.json();
  const said = await answer?.json().catch(() => null);
  throw Object.assign(new Error(said?.message ?? ""), { retryAfter: 0 });
}

/** The tap. The microphone first: without it nobody should have to wait in a line. */
async function begin() {
  say("");
  try {
    (await microphone()).getTracks().forEach((track) => track.stop());
  } catch (error) {
    return say(TROUBLE[whyNot(error)]);
  }
  dialled = false;
  show("now");
  words(t("正在接通……"));
  await line.start();
}

async function dial() {
  dialled = true;
  try {
    await line.call(NUMBER);
  } catch (error) {
    stop();
    say(TROUBLE[whyNot(error)] ?? AWAY);
    show("before");
  }
}

line.addEventListener("change", () => {
  if (line.state === STATES.READY && !dialled) dial();
  if (line.state === STATES.UNAVAILABLE) {
    stop();
    say([line.why?.message, AWAY].find(Boolean));
    show("before");
  }
  if (line.state === STATES.LOST && line.isTalking) more(t("网络有点不稳，正在重新连接……"));
});
line.addEventListener("talking", () => {
  words(t("接通了，请听提示"));
  at("mute").hidden = false;
  look();
  timers.push(setInterval(look, LOOK_EVERY_MS), setInterval(tick, 1_000));
});
line.addEventListener("over", () => {
  const spoken = talkingSince > 0;
  stop();
  if (!spoken && !place.dataset.ended) say(t("没有接通。请稍后再试，或者用下面的办法找我们。"));
  show("after");
});

/** Where the call stands by the server: the place in the line, or somebody is there. */
async function look() {
  const answer = await fetch(place.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !line.inCall) return;
  const { state, place: waits } = await answer.json();
  if (state === "TALKING") {
    talkingSince ||= Date.now();
    words(t("接通了，请说"));
    more(t("对方在听。说得慢、说得乱都没关系。"));
  } else if (state === "WAITING") waiting(waits);
  else if (state === "HELD") more(t("请等一下，对方马上回来。"));
  else if (state === "RETURNING") more(t("对方的网络断了一下，正在接回来，请不要挂断。"));
  else if (state === "MESSAGE") { words(t("请在“嘀”声后留言")); more(t("请说清楚怎么能找到你，我们第二天回复。说完挂断就好。")); }
}

function waiting(waits) {
  words(t("正在为你找一位咨询师"));
  if (!waits) return more("");
  const before = waits.position > 1 ? t("前面还有 {ahead} 个人", { ahead: waits.position - 1 }) : t("下一个就是你");
  const minutes = waits.wait_seconds === null ? "" : waits.wait_seconds < 60 ? t("，大约不到 1 分钟") : t("，大约 {minutes} 分钟", { minutes: Math.round(waits.wait_seconds / 60) });
  more(t("{before}{minutes}。你也可以挂断，改用打字。", { before, minutes }));
}

function tick() {
  const clock = at("clock");
  clock.hidden = !talkingSince;
  const seconds = Math.floor((Date.now() - talkingSince) / 1_000);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function stop() {
  timers.forEach(clearInterval);
  timers = [];
  talkingSince = 0;
  at("clock").hidden = true;
  at("mute").hidden = true;
  more("");
  line.stop();
}

function show(stage) {
  place.dataset.stage = stage;
  for (const part of place.querySelectorAll("[data-show]")) part.hidden = part.dataset.show !== stage;
}

function words(text) {
  if (at("words").textContent !== text) at("words").textContent = text;
}

function more(text) {
  if (at("more").textContent !== text) at("more").textContent = text;
}

function say(text) {
  at("trouble").hidden = !text;
  at("trouble").textContent = text;
}

function hangUp() {
  place.dataset.ended = "1";
  if (line.inCall) line.hangUp();
  else { stop(); show("after"); }
}

for (const button of place.querySelectorAll("[data-begin]")) button.addEventListener("click", begin);
at("hang-up").addEventListener("click", hangUp);
at("mute").addEventListener("click", () => {
  line.mute(!line.isMuted);
  at("mute").setAttribute("aria-pressed", line.isMuted);
  at("mute").textContent = line.isMuted ? t("取消静音") : t("静音");
});
at("keys-switch").addEventListener("click", () => {
  at("keys").hidden = !at("keys").hidden;
  at("keys-switch").setAttribute("aria-expanded", !at("keys").hidden);
});
at("keys").addEventListener("click", (event) => {
  const key = event.target.closest("[data-key-tone]");
  if (key) line.press(key.dataset.keyTone);
});
// Quick exit, or any other way of leaving: whoever leaves must not be heard any longer.
addEventListener("pagehide", () => line.stop());
