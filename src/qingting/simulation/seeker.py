"""Somebody who writes at the portal, without an account."""

import uuid
from dataclasses import dataclass
from typing import Any

from qingting.simulation.browser import Browser


@dataclass(slots=True)
class Seeker:
    """One visit and its talk."""

    browser: Browser

    def begin(self, skill: str = "PSYCHOLOGY") -> None:
        """Read what is kept confidential, and start; starting again goes on with what is open."""
        self.browser.get("/chat/", step="seeker: entrance")
        self.browser.post("/chat/start", {"skill": skill}, step="seeker: start")

    def say(self, text: str, key: str = "") -> int:
        """Say something; returns its number. Saying it again under the same key changes nothing."""
        said = {"text": text, "key": key or uuid.uuid4().hex}
        answer = self.browser.post("/chat/api/messages", json=said, step="seeker: say")
        return int(answer.json()["seq"])

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """What was said behind a number."""
        answer = self.browser.get("/chat/api/messages", step="seeker: read", params={"after": after})
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def state(self) -> dict[str, Any]:
        """Where it stands: `id`, `state`, `place`, and `rating`, the link once there is one."""
        found: dict[str, Any] = self.browser.get("/chat/api/state", step="seeker: state").json()
        return found

    def rate(self, link: str, score: int) -> None:
        """Say whether it helped."""
        self.browser.get(link, step="seeker: rating page")
        self.browser.post(link, {"score": score, "helped": "YES" if score > 2 else "NO"}, step="seeker: rate")
