// Puts the browser's libraries where Django serves them from. Nothing of it is committed: `npm ci && npm run build`
// makes the same files from the lock file anywhere.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = path.join(here, "node_modules");
const target = path.join(here, "../src/qingting/sites/assets/vendor");
const draft = path.join(packages, ".vendor");
// The reference desk of the 110 is a program of its own and serves its own copy.
const desk = path.join(here, "../src/policedesk/web/static/vendor");

// What each file is made of: name in our assets, file in its package.
const copied = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "sse.js": "htmx-ext-sse/dist/sse.min.js",
  "alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
  "axe.min.js": "axe-core/axe.min.js", // for the tests of accessibility
};
const bundled = { "echarts.min.js": "src/charts.mjs" };
// ES modules, imported by pages: the softphone with the SIP library inside.
const modules = { "softphone.js": "src/softphone/index.mjs" };
const ofDesk = ["softphone.js", "LICENCES.txt"];
const licensed = [
  "@alpinejs/csp", "@vue/reactivity", "@vue/shared", "axe-core", "debug", "echarts", "events", "htmx-ext-sse",
  "htmx.org", "jssip", "ms", "sdp-transform", "tslib", "zrender",
];

async function copyLibraries() {
  for (const [name, source] of Object.entries(copied)) {
    const text = await readFile(path.join(packages, source), "utf8");
    // A reference to a source map that is not served makes Django's manifest refuse the file.
    await writeFile(path.join(draft, name), text.replace(/^\/\/# sourceMappingURL=.*$/gm, ""));
  }
}

async function bundleLibraries() {
  for (const [name, source] of Object.entries({ ...bundled, ...modules })) {
    await build({
      entryPoints: [path.join(here, source)],
      outfile: path.join(draft, name),
      bundle: true,
      minify: true,
      format: name in modules ? "esm" : "iife",
      target: name in modules ? "es2022" : "es2019",
      legalComments: "inline",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "warning",
    });
  }
}

async function licenceOf(name) {
  const folder = path.join(packages, name);
  const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /^(licen[cs]e|notice)/i.test(entry.name));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file.name), "utf8")));
  const author = about.author?.name ?? about.author ?? "";
  const heading = `${about.name} ${about.version}: ${about.license ?? "see below"} ${author}`.trim();
  return [heading, "=".repeat(heading.length), ...texts.map((text) => text.trim()), ""].join("\n\n");
}

async function writeLicences() {
  const texts = await Promise.all(licensed.map(licenceOf));
  const inner = path.join(packages, "echarts/licenses/LICENSE-d3");
  texts.push(`echarts includes parts of d3\n\n${await readFile(inner, "utf8")}`);
  await writeFile(path.join(draft, "LICENCES.txt"), texts.join("\n"));
}

async function serveAtDesk() {
  await rm(desk, { recursive: true, force: true });
  await mkdir(desk, { recursive: true });
  for (const name of ofDesk) await copyFile(path.join(target, name), path.join(desk, name));
}

async function reportSizes() {
  for (const name of (await readdir(target)).sort()) {
    const bytes = await readFile(path.join(target, name));
    const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    console.log(`  ${name.padEnd(20)} ${String(bytes.length).padStart(8)} bytes  ${digest}`);
  }
}

await rm(draft, { recursive: true, force: true });
await mkdir(draft, { recursive: true });
await copyLibraries();
await bundleLibraries();
await writeLicences();
await rm(target, { recursive: true, force: true });
await mkdir(path.dirname(target), { recursive: true });
await rename(draft, target);
await serveAtDesk();
await reportSizes();
