/** Keeps the self-help pages for when there is no network. Nothing that anybody writes passes through here. */
const KEPT = "self-help-{{ version }}";
const PAGES = [{% for page in pages %}"{{ page }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PATIENCE_MS = 3000;

async function keepAll() {
  const kept = await caches.open(KEPT);
  await kept.addAll([...PAGES, ...FILES].map((address) => new Request(address, { cache: "reload" })));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("self-help-") && name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The network first, for three seconds; then what was kept. */
async function answer(request) {
  const kept = await caches.match(new URL(request.url).pathname);
  if (!kept) return fetch(request);
  const patience = new Promise((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE_MS));
  return Promise.race([fetch(request).catch(() => kept.clone()), patience]);
}

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === location.origin && (PAGES.includes(pathname) || FILES.includes(pathname));
  if (event.request.method === "GET" && ours) event.respondWith(answer(event.request));
});
