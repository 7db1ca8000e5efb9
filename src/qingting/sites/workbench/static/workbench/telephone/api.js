/** Asking the server about calls. */
import { csrfToken } from "/static/js/csrf.js";

/** What the server refused, in its own words. `message` is "" where nothing arrived at all. */
export class Refused extends Error {
  constructor(message, doNext = "", retryAfter = 0) {
    super(message);
    this.doNext = doNext;
    this.retryAfter = retryAfter;
  }
}

/** GET, or with a body POST. Returns the answer's JSON, null where there is none. Throws Refused. */
export async function ask(url, body) {
  const posting = body !== undefined;
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (posting) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method: posting ? "POST" : "GET", headers, body: posting ? JSON.stringify(body) : null })
    .catch(() => { throw new Refused("网络没有连上，这一步没有送达。", "请检查网络后再试。"); });
  const said = await answer.json().catch(() => null);
  if (answer.ok) return said;
  const retryAfter = Number(answer.headers.get("Retry-After")) || 0;
  throw new Refused(said?.message ?? "这一步没有完成。", said?.do_next ?? "请刷新页面后再试。", retryAfter);
}

/** An address with its place for an id filled in. */
export const withId = (pattern, id) => pattern.replace(/\/0(?=\/|$)/, `/${id}`);
