/** What the telephone says of itself. */

export const STATE = {
  off: "电话未打开",
  connecting: "电话连接中",
  ready: "电话就绪",
  lost: "电话重连中",
  unavailable: "电话不可用",
};

/** Trouble with the microphone or the speaker: what it is, and what to do. */
export const TROUBLE = {
  ask: ["电话还没有打开", "点“打开电话”，浏览器会问能不能使用麦克风，请选“允许”。"],
  denied: ["浏览器没有允许使用麦克风", "点地址栏左边的图标，把麦克风改为“允许”，再点“打开电话”。"],
  missing: ["没有找到麦克风", "请插好耳麦，再点“打开电话”。"],
  busy: ["麦克风打不开", "可能被别的程序占用。请关掉视频会议等程序，再点“打开电话”。"],
  insecure: ["这个地址不能使用麦克风", "请用 https 开头的地址打开工作台。"],
  silent: ["浏览器还没有放出声音", "点一下页面任何地方就能听到。"],
};

export const COLLEAGUE_LEFT = "同事已离开。来电人还在听音乐，请点“恢复通话”。";

/** When it is over, by what one was in it. `{name}`: whoever has the call now. */
export const OVER = {
  SEAT: "请趁记得清楚，把登记补完。整理期间不会有新电话进来。",
  HANDED: "电话已由{name}接手。请把您这一段补进登记；整理期间不会有新电话进来。",
  WITH_110: "您已退出，110还在和来电人通话。请趁记得清楚，把登记补完。",
  GUEST: "您已离开这个通话。",
};

export const RINGS = {
  offer: "来电", consult: "同事请您听一下", transfer: "同事转来的电话", resume: "正在接回通话", outbound: "正在为您拨出", monitor: "正在接入监听",
};
export const QUALITY = { good: "声音清楚", fair: "声音一般", bad: "声音断续" };
export const LEVEL = { CRITICAL: "特急", URGENT: "紧急", ROUTINE: "一般" };

/** Seconds as 3:05 or 1:02:03. */
export function lasting(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] ? parts : parts.slice(1)).map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
}
