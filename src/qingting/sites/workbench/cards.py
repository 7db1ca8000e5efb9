"""What the start page is made of: providers by dotted name, in the order of their regions.

A provider is `(actor, *, at) -> dict | None`. It returns None when this person has no business with it, else a dict of
`title`, `template` and `context`, and where wanted `url` (the page behind it), `region` (`main` or `side`) and
`urgent` (True moves it up). The rooms return plain dicts, since they never look ahead to this one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qingting.core.actors import Actor

Provider = Callable[..., dict[str, Any] | None]

PROVIDERS = [
    "qingting.sites.workbench.home.notices_card",
    "qingting.sites.workbench.home.doors_card",
    "qingting.sites.workbench.home.post_card",
]


@dataclass(frozen=True, slots=True)
class Card:
    """One region of the start page."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    region: str = "main"
    urgent: bool = False


def card_from(provider: Provider, actor: Actor, *, at: datetime) -> Card | None:
    """What one provider has to show this person."""
    told = provider(actor, at=at)
    return Card(**told) if told else None
