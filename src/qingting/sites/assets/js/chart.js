/**
 * Charts from data in the page, in the colours of the theme:
 *
 *   <figure><div class="chart" data-chart="calls" role="img" aria-label="…"></div>
 *   {{ calls|json_script:"calls" }} <figcaption>…</figcaption></figure>
 *
 * The data block is an ECharts option; colours are filled in here. A click on a mark whose datum has `url` opens the
 * list behind the number. Give the same numbers in a table beside it: a picture is not readable to everybody.
 * Pages that draw load `vendor/echarts.min.js` before this module.
 */

const drawn = new Map(); // element → chart

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function themed(option) {
  const text = { color: token("--ink-2"), fontFamily: token("--sans") };
  const axis = {
    axisLine: { lineStyle: { color: token("--edge") } },
    axisLabel: { color: token("--ink-2") },
    splitLine: { lineStyle: { color: token("--line") } },
  };
  const dressed = (given) => [].concat(given).map((one) => ({ ...axis, ...one }));
  return {
    color: [token("--accent"), token("--ink-3"), token("--edge"), token("--urgent"), token("--critical")],
    textStyle: text,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    ...option,
    legend: option.legend && { textStyle: text, ...option.legend },
    xAxis: option.xAxis && dressed(option.xAxis),
    yAxis: option.yAxis && dressed(option.yAxis),
  };
}

function draw(element) {
  const source = document.getElementById(element.dataset.chart);
  if (!source || !window.echarts) return;
  drawn.get(element)?.dispose();
  const chart = window.echarts.init(element, null, { renderer: "canvas" });
  chart.setOption(themed(JSON.parse(source.textContent)));
  chart.on("click", ({ data }) => { if (data?.url) location.assign(data.url); });
  drawn.set(element, chart);
}

function drawAll() {
  for (const element of drawn.keys()) {
    if (!element.isConnected) {
      drawn.get(element).dispose();
      drawn.delete(element);
    }
  }
  document.querySelectorAll("[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSwap", drawAll);
document.addEventListener("theme:changed", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
