// Running clocks: data-since counts up, data-due turns late when its moment has passed.

function written(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 24) return `${Math.floor(hours / 24)}天${hours % 24}小时`;
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll("[data-since]")) {
    const text = written(Math.max(0, Math.floor((now - Date.parse(clock.dataset.since)) / 1000)));
    if (clock.textContent !== text) clock.textContent = text;
  }
  for (const timed of document.querySelectorAll("[data-due]")) {
    timed.classList.toggle("late", now > Date.parse(timed.dataset.due));
  }
}

tick();
setInterval(tick, 500);
document.addEventListener("desk:refreshed", tick);
