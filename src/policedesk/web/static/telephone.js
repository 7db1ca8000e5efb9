/**
 * The operator's telephone: rings when 12355 asks the 110 to join a call, and says which incident it is about; or when the
 * platform telephones by itself because a handoff waits, which a key acknowledges.
 */
import { Line, Ringer, STATES, microphone, permission, whyNot } from "/static/vendor/softphone.js";

const place = document.getElementById("phone");
const at = (name) => place.querySelector(`[data-${name}]`);
const ringer = new Ringer();
const title = document.title;
const TROUBLE = {
  denied: "浏览器没有允许使用麦克风。点地址栏左边的图标，改为“允许”，再点“打开电话”。",
  missing: "没有找到麦克风。请插好耳麦，再点“打开电话”。",
  busy: "麦克风正被别的程序使用。请关掉它们，再点“打开电话”。",
  insecure: "这个地址不能使用麦克风，请用 https 开头的地址打开本台。",
};
let since = 0;
let stage = "off"; // off, ready, ringing, talking
let automatic = false; // the platform itself calls: nobody is on the line
let away = false;
const WORDS = {
  ringing: ["12355 请 110 加入通话", "12355 的自动来电"],
  talking: ["正在三方通话", "自动来电，请按键确认"],
};
const MORE = {
  off: ["打开后，浏览器会问能不能使用麦克风，请选“允许”。"],
  ringing: ["接听后，12355 的咨询师和来电人都能听到您。", "有流转还没有签收，系统会说明情况，接听后按 1 确认知道了。"],
  talking: ["12355 可以请您只听不说；挂断只是您自己退出，他们继续通话。", "听完按 1 确认，再到首页签收；也可以用键盘上的数字键。"],
};

const line = new Line({ account, microphone: () => microphone(), speaker: at("sound"), name: "policedesk" });

async function account() {
  const body = new URLSearchParams({ form_token: place.dataset.token });
  const answer = await fetch("/telephone/account", { method: "POST", body });
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw Object.assign(new Error(said?.message ?? "连不上本台服务器。"), { retryAfter: 5 });
  return said;
}

async function open() {
  try {
    (await microphone()).getTracks().forEach((track) => track.stop());
  } catch (error) {
    return say(TROUBLE[whyNot(error)]);
  }
  say("");
  ringer.wake();
  await line.start();
}

async function answer() {
  try {
    ringer.stop();
    await line.answer();
  } catch (error) {
    ringer.start();
    say(TROUBLE[whyNot(error)]);
  }
}

async function about(call) {
  at("incident").hidden = true;
  const answer = await fetch(`/telephone/calls/${encodeURIComponent(call || "-")}`).catch(() => null);
  if (!answer?.ok) return;
  at("incident").innerHTML = await answer.text(); // our own server's fragment, escaped there
  at("incident").hidden = false;
}

function draw() {
  const words = {
    off: line.state === STATES.CONNECTING ? "正在打开电话……" : "电话还没有打开",
    ready: line.state === STATES.READY ? "电话就绪，等待 12355 呼入" : "电话断线，正在重新连接……",
    ringing: WORDS.ringing[Number(automatic)],
    talking: away ? "暂离中：双方听不到您，您也听不到他们" : WORDS.talking[Number(automatic)],
  }[stage];
  place.dataset.stage = stage;
  at("words").textContent = words;
  at("more").textContent = MORE[stage]?.[Number(automatic)] ?? MORE[stage]?.[0] ?? "";
  at("open").hidden = stage !== "off";
  at("answer").hidden = stage !== "ringing";
  for (const name of ["mute", "hold", "keys-open", "volume-field"]) at(name).hidden = stage !== "talking";
  at("mute").hidden ||= away || automatic;
  at("hold").hidden ||= automatic;
  at("decline").hidden = stage !== "ringing";
  at("hang-up").hidden = stage !== "talking";
  at("clock").hidden = stage !== "talking";
  if (stage !== "ringing" && stage !== "talking") at("incident").hidden = true;
  document.title = stage === "ringing" ? `（来电）${title}` : title;
}

function to(next) {
  stage = next;
  draw();
}

function say(text) {
  at("trouble").hidden = !text;
  at("trouble").textContent = text;
}

line.addEventListener("change", () => {
  if (line.state === STATES.READY && stage === "off") stage = "ready";
  if (line.state === STATES.UNAVAILABLE) say(line.why?.message ?? "电话不可用，正在重试。");
  else if (line.state === STATES.READY) say("");
  draw();
});
line.addEventListener("ring", ({ detail }) => {
  automatic = detail.purpose === "announcement";
  to("ringing");
  ringer.start();
  if (!automatic) about(detail.call);
});
line.addEventListener("talking", () => {
  ringer.stop();
  since = Date.now();
  showKeys(automatic);
  to("talking");
});
line.addEventListener("over", () => {
  ringer.stop();
  away = false;
  at("sound").muted = false;
  showKeys(false);
  at("typed").textContent = "";
  drawMute();
  drawHold();
  to("ready");
});
line.addEventListener("silent", () => say("浏览器还没有放出声音，点一下页面任何地方就能听到。"));

at("open").addEventListener("click", open);
at("answer").addEventListener("click", answer);
for (const name of ["decline", "hang-up"]) at(name).addEventListener("click", () => line.hangUp());
at("mute").addEventListener("click", () => {
  line.mute(!line.isMuted);
  drawMute();
});
at("hold").addEventListener("click", () => {
  away = !away;
  line.mute(away);
  at("sound").muted = away;
  drawMute();
  drawHold();
  draw();
});
at("keys-open").addEventListener("click", () => showKeys(at("keys").hidden));
at("keys").addEventListener("click", ({ target }) => press(target.closest("[data-tone]")?.dataset.tone));
at("volume").addEventListener("input", () => { at("sound").volume = at("volume").value / 100; });
document.addEventListener("keydown", (event) => {
  if (stage === "talking" && !event.ctrlKey && !event.altKey && !event.metaKey && /^[0-9*#]$/.test(event.key)) press(event.key);
});

function drawMute() {
  const muted = line.isMuted;
  at("mute").setAttribute("aria-pressed", muted);
  at("mute").textContent = muted ? "取消静音" : "静音";
}

/** Away for a moment: nobody hears the operator, the operator hears nobody, and caller and counsellor go on without music. */
function drawHold() {
  at("hold").setAttribute("aria-pressed", away);
  at("hold").textContent = away ? "回到通话" : "暂离";
}

function showKeys(shown) {
  at("keys").hidden = !shown;
  at("keys-open").setAttribute("aria-expanded", shown);
}

function press(key) {
  if (!key) return;
  line.press(key);
  at("typed").textContent += key;
}

document.addEventListener("pointerdown", () => { if (stage === "talking") at("sound").play().then(() => say(""), () => {}); });
addEventListener("beforeunload", (event) => line.inCall && event.preventDefault());
addEventListener("pagehide", () => line.stop()); // nobody is left on the line whom no page hears
setInterval(() => {
  const seconds = Math.floor((Date.now() - since) / 1_000);
  at("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 1_000);

if ((await permission()) === "granted") open();
