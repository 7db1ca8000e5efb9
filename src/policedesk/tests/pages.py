"""Using the pages as a browser without script does: fields by name, buttons by form."""

import asyncio
import re
from html.parser import HTMLParser
from typing import Any

import httpx


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._now: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._now = self.forms.setdefault(found.get("action", ""), {})
        elif tag == "input" and self._now is not None and found.get("type") not in {"radio", "checkbox"}:
            self._now[found.get("name", "")] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None


def forms_of(text: str) -> dict[str, dict[str, str]]:
    """Read a page's forms: action to the fields it would send."""
    reader = _Forms()
    reader.feed(text)
    return reader.forms


PASSWORD = "a long password"


class Browser:
    """Keeps cookies, follows nothing by itself, and calls the application directly; its loops do not run."""

    def __init__(self, app: Any) -> None:
        wire = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1")

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask for a page."""
        return asyncio.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Look at a page."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Send a form."""
        return self.request("POST", path, **more)


def sign_in(browser: Any, code: str = "110001", password: str = PASSWORD) -> Any:
    """Sign in."""
    fields = forms_of(browser.get("/sign-in").text)["/sign-in"]
    return browser.post("/sign-in", data={**fields, "code": code, "password": password})


def submit(browser: Any, page: str, action: str, **fields: str) -> Any:
    """Open a page, fill in one of its forms, send it and follow where it leads."""
    form = forms_of(browser.get(page).text)[action]
    answer = browser.post(action, data={**form, **fields})
    return browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


def words(text: str) -> str:
    """Return a page's words without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
