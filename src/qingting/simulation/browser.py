"""One person's browser: cookies, form tokens, and patience with a server that is just being started again."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx

AT_REST = 0.05  # seconds between two tries while the server does not answer
AGAIN = frozenset({429, 500, 502, 503, 504})  # too often, or down: later it may go well
Measure = Callable[[str, float, int], None]


class RefusedError(Exception):
    """The platform said no: `status`, and the refusal's own `code` where it gave one."""

    def __init__(self, step: str, status: int, code: str) -> None:
        super().__init__(f"{step}: {status} {code}")
        self.step, self.status, self.code = step, status, code


def _nothing(step: str, seconds: float, status: int) -> None:
    """Nobody measures."""


class Browser:
    """Talks to one address.

    patience: for how many seconds a request is repeated while the server is down or fails (0: not at all). What it sends
    must bear being sent twice. measure: told (step, seconds, status) of every answer.
    """

    def __init__(self, base: str, *, patience: float = 0, measure: Measure = _nothing) -> None:
        self.client = httpx.Client(base_url=base, timeout=30, follow_redirects=False, trust_env=False)
        self.patience, self._measure = patience, measure

    def request(self, method: str, path: str, *, step: str = "", **more: Any) -> httpx.Response:
        """One request, repeated while the server is away; raises httpx.TransportError once patience is over."""
        until = time.monotonic() + self.patience
        while True:
            began, pause = time.monotonic(), AT_REST
            try:
                answer = self.client.request(method, path, **more)
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
            else:
                self._measure(step or path, time.monotonic() - began, answer.status_code)
                if answer.status_code not in AGAIN or time.monotonic() > until:
                    return answer
                pause = float(answer.headers.get("Retry-After", AT_REST))
            time.sleep(pause)

    def get(self, path: str, *, step: str = "", **more: Any) -> httpx.Response:
        """Look at a page. Raises RefusedError for 4xx and 5xx."""
        return _accepted(self.request("GET", path, step=step, **more), step or path)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, step: str = "", json: Any = None
    ) -> httpx.Response:
        """Send a form, or JSON, with the form token. Raises RefusedError for 4xx and 5xx."""
        headers = {"X-CSRFToken": self.client.cookies.get("qt_csrf", ""), "Accept": "application/json"}
        answer = self.request("POST", path, step=step, data=data, json=json, headers=headers)
        return _accepted(answer, step or path)

    def close(self) -> None:
        """Leave."""
        self.client.close()


def from_somewhere(base: str, *, patience: float = 0, measure: Measure = _nothing) -> Browser:
    """A browser at an address of its own, so that many of them on this machine are not taken for one. The demonstration
    trusts what this machine says about that (setting TRUSTED_PROXIES); elsewhere it changes nothing."""
    browser = Browser(base, patience=patience, measure=measure)
    browser.client.headers["X-Forwarded-For"] = ".".join(["10", *(str(secrets.randbelow(256)) for _ in range(3))])
    return browser


def _accepted(answer: httpx.Response, step: str) -> httpx.Response:
    if answer.status_code < 400:
        return answer
    raise RefusedError(step, answer.status_code, _code(answer))


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
