"""What the start page is made of: providers by dotted name, in the order of their regions.

A provider is `(actor, *, at) -> dict | None`. It returns None when this person has no business with it, else a dict of
`title`, `template` and `context`, and where wanted `url` (the page behind it), `region` (`main` or `side`), `urgent`
(True moves it up) and `push` (names of the events after which it is fetched again). The rooms return plain dicts, since
they never look ahead to this one.

Most cards are lists and take `workbench/cards/rows.html`. Its context: `rows`, dicts of `title`, `line`, `url` and where they
have it `level` with `level_label`, `state`, `unread`, `due_at` with `due_label`, `since` with `since_words`; `more` (True: there are others);
`tiles`, dicts of `label`, `value`, `url`, `note`, `level`; `empty`, (icon, what is not there, what this place is for), or
`quiet`, one sentence in its place; `hidden` (True: not shown while there is nothing, but listening).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

from qingting.core.actors import Actor

Provider = Callable[..., dict[str, Any] | None]

PROVIDERS = [
    "qingting.duty.cards.room",
    "qingting.chat.cards.crises",
    "qingting.chat.cards.open_conversations",
    "qingting.linkage.cards.waiting",
    "qingting.chains.cards.waiting",
    "qingting.orders.cards.to_handle",
    "qingting.orders.cards.to_review",
    "qingting.followups.cards.due",
    "qingting.cases.cards.my_cases",
    "qingting.contacts.cards.drafts",
    "qingting.cases.cards.ready",
    "qingting.statistics.cards.week",
    "qingting.sites.workbench.home.integrity_card",
    "qingting.sites.workbench.home.notices_card",
    "qingting.sites.workbench.home.doors_card",
    "qingting.sites.workbench.home.post_card",
]


@dataclass(frozen=True, slots=True)
class Card:
    """One region of the start page. key: what its address calls it."""

    key: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    region: str = "main"
    urgent: bool = False
    push: str = ""

    @property
    def idle(self) -> bool:
        """A list without anything in it."""
        return "empty" in self.context and not self.context.get("rows")


def key_of(name: str) -> str:
    """`qingting.cases.cards.my_cases` is `cases-my_cases` in an address."""
    return name.removeprefix("qingting.").replace(".cards.", "-").replace(".", "-")


def card_from(name: str, actor: Actor, *, at: datetime) -> Card | None:
    """What the provider of this name has to show this person."""
    provider: Provider = import_string(name)
    told = provider(actor, at=at)
    return Card(key=key_of(name), **told) if told else None


def card_called(key: str, actor: Actor, *, at: datetime) -> Card | None:
    """The same by the key of an address; None for an unknown one."""
    name = next((name for name in PROVIDERS if key_of(name) == key), "")
    return card_from(name, actor, at=at) if name else None
