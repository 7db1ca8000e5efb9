"""Looking orders up. Whoever types a name or a number of a person looks a person up: counted, limited, and in the journal."""

from dataclasses import replace
from datetime import datetime

from qingting.core.actors import Actor
from qingting.core.errors import Invalid, TooMany
from qingting.orders import selectors
from qingting.orders.selectors import Found, OrderQuery, Place
from qingting.seekers.services import find_anybody

_TOO_MANY = "这一小时按姓名、电话查找的次数已用完，这次只按单号和正文里的词查找。"


def find_orders(*, actor: Actor, query: OrderQuery, at: datetime, after: Place | None = None) -> Found:
    """One page of what fits (`selectors.search`), people included. Above the hourly limit people are left out, and `note`
    says so. Raises Invalid for words too short to look for."""
    people, note = _people(actor, query.words, at)
    return replace(selectors.search(actor, query, at=at, after=after, people=people), note=note)


def find_order_ids(*, actor: Actor, query: OrderQuery, at: datetime, most: int) -> list[int]:
    """The same for taking all of it out: ids of at most `most`, the newest first; none for words too short to look for."""
    people, _ = _people(actor, query.words, at)
    try:
        return selectors.search_ids(actor, query, at=at, people=people, most=most)
    except Invalid:
        return []


def _people(actor: Actor, words: str, at: datetime) -> tuple[list[int], str]:
    try:
        return list(find_anybody(actor=actor, kinds=selectors.names_people(actor, words), at=at)), ""
    except TooMany:
        return [], _TOO_MANY
