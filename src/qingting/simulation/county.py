"""Those behind the seat: the county that handles an order, the city that reviews it, and who calls afterwards."""

import re
from dataclasses import dataclass

from qingting.simulation.browser import Browser
from qingting.simulation.forms import forms_of, targets_of

_ORDER = re.compile(r"^/orders/(\d+)/$")
_FOLLOW_UP = re.compile(r"^/follow-ups/(\d+)/$")


def _numbers(pattern: re.Pattern[str], page: str) -> list[int]:
    found = (pattern.match(target.partition("?")[0]) for target in targets_of(page))
    return list(dict.fromkeys(int(one[1]) for one in found if one))


@dataclass(slots=True)
class Office:
    """Somebody signed in who works on orders, or calls afterwards."""

    browser: Browser

    def orders(self, box: str) -> list[int]:
        """Orders in one of the boxes: `to-handle`, `to-review`."""
        return _numbers(_ORDER, self.browser.get(f"/orders/?box={box}", step=f"office: {box}").text)

    def can(self, order: int) -> set[str]:
        """The acts whose forms or buttons the order's page shows."""
        page = self.browser.get(f"/orders/{order}/", step="office: order").text
        start = f"/orders/{order}/"
        addresses = [*targets_of(page), *forms_of(page)]
        return {address.removeprefix(start) for address in addresses if address.startswith(start)} - {"", "body"}

    def act(self, order: int, name: str, words: str = "") -> None:
        """Accept, report progress, submit, approve …"""
        self.browser.post(f"/orders/{order}/{name}", {"words": words}, step=f"office: {name}")

    def due_calls(self) -> list[int]:
        """Follow-ups that are due."""
        return _numbers(_FOLLOW_UP, self.browser.get("/follow-ups/", step="follow-up: list").text)

    def call(self, follow_up: int, *, helped: str, words: str) -> None:
        """Record a call."""
        said = {"means": "PHONE", "helped": helped, "words": words}
        self.browser.post(f"/follow-ups/{follow_up}/record", said, step="follow-up: call")
