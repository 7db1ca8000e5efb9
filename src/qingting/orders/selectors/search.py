"""Finding orders among millions: by numbers, names, telephones, words, category, place and time, within one's sight.

One index answers everything (`models.OrderSearch`): all that is asked for, and the organisation one acts for, must be among
an order's tokens. Recent months are looked through first, so that common words don't drag up ten years.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.crypto import seal, unseal
from qingting.core.errors import Invalid
from qingting.core.time import BEIJING, local
from qingting.orders import rules
from qingting.orders.models import OrderNote, OrderSearch, SavedView, WorkOrder
from qingting.orders.selectors.sight import few_visible_to
from qingting.orders.selectors.tokens import token, tokens
from qingting.seekers.permissions import VIEW as SEE_PEOPLE
from qingting.seekers.selectors import may_be
from qingting.seekers.states import DatumKind

PAGE = 20
_LONG_PAGE = 2000
MOST_MONTHS = 36
_ROUNDS = (150, 1500, 4000, 4000)  # candidates looked at, a round at a time; nearly always the first is enough


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """What is asked; an empty value does not narrow it. words: the one box; since, until: days, both included, ISO."""

    words: str = ""
    kind: str = ""
    urgency: str = ""
    state: str = ""
    category: str = ""
    division: str = ""
    handler: str = ""
    since: str = ""
    until: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is asked at all."""
        return any(asdict(self).values())

    def sealed(self, account_id: int) -> bytes:
        """The query as only this person can take it up again."""
        return seal(json.dumps(asdict(self), ensure_ascii=False), field=f"orders.query.{account_id}")


def unsealed_query(sealed: bytes, account_id: int) -> OrderQuery:
    """The inverse; an empty query for anything that was sealed for somebody else."""
    try:
        asked = json.loads(unseal(sealed, field=f"orders.query.{account_id}"))
    except ValueError:
        return OrderQuery()
    known = {field.name for field in fields(OrderQuery)}
    return OrderQuery(**{name: str(value) for name, value in asked.items() if name in known})


@dataclass(frozen=True, slots=True)
class Place:
    """How far one has read: the last order seen. str() of it stands in the address of the next page."""

    drafted_at: datetime
    order_id: int

    def __str__(self) -> str:
        return f"{int(self.drafted_at.timestamp() * 1_000_000)}-{self.order_id}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The inverse; None for anything else."""
        moment, _, order_id = text.partition("-")
        if not (_DIGITS.fullmatch(moment) and _DIGITS.fullmatch(order_id)):
            return None
        seconds, micro = divmod(int(moment), 1_000_000)
        return cls(datetime.fromtimestamp(seconds, BEIJING) + timedelta(microseconds=micro), int(order_id))


_DIGITS = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Found:
    """The orders of one page, the newest first. after: where the next page begins, None on the last; note: what could not
    be looked up."""

    orders: list[WorkOrder]
    after: Place | None = None
    note: str = ""


def search(
    actor: Actor, query: OrderQuery, *, at: datetime, after: Place | None = None, people: Collection[int] = ()
) -> Found:
    """One page of what fits, behind `after`. people: ids of the seekers whom the words name, already looked up.

    Raises Invalid for words too short to look for.
    """
    return _page(_Asked(actor, query, _tokens_of(actor, query), _ways(query.words, people), after, PAGE), at)


def _page(asked: "_Asked", at: datetime) -> Found:
    found: list[WorkOrder] = []
    for window in _windows(asked.query, min(at, asked.after.drafted_at) if asked.after else at):
        found = _through_the_wall(asked, window)
        if len(found) > asked.size:
            break
    page = found[: asked.size]
    return Found(page, Place(page[-1].drafted_at, page[-1].pk) if len(found) > asked.size else None)


def search_ids(actor: Actor, query: OrderQuery, *, at: datetime, people: Collection[int], most: int) -> list[int]:
    """Ids of at most `most` of what fits, the newest first, by long pages."""
    asked = _Asked(actor, query, _tokens_of(actor, query), _ways(query.words, people), None, _LONG_PAGE)
    ids: list[int] = []
    while len(ids) < most:
        page = _page(asked, at)
        ids += [order.pk for order in page.orders]
        if page.after is None:
            break
        asked = replace(asked, after=page.after)
    return ids[:most]


def _tokens_of(actor: Actor, query: OrderQuery) -> list[int]:
    """What every hit must carry: the filters, and standing under the organisation one acts for."""
    wanted = [
        token(kind, value)
        for kind, value in (
            ("kind", query.kind),
            ("urgency", query.urgency),
            ("state", query.state),
            ("category", query.category),
            ("place", query.division),
            ("handler", query.handler),
        )
        if value
    ]
    return wanted if actor.scope.everything else [*wanted, token("under", str(actor.organisation_id))]


@dataclass(frozen=True, slots=True)
class _Way:
    """One reading of what was typed: all of `tokens`, or one of `any_of`; said: the words must stand in the text itself."""

    tokens: tuple[int, ...] = ()
    any_of: tuple[int, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks for what, in which ways, from where on, how much at a time."""

    actor: Actor
    query: OrderQuery
    wanted: list[int]
    ways: list[_Way]
    after: Place | None
    size: int


def _ways(words: str, people: Collection[int]) -> list[_Way]:
    """What was typed may be a number, a person, or words of the text; each reading is tried."""
    text = words.strip()
    if not text:
        return [_Way()]
    ways = [_Way(tokens=(token("number", text.upper()),))] if any(letter.isdigit() for letter in text) else []
    if people:
        cases = Case.objects.filter(seeker_id__in=people).values_list("pk", flat=True)
        ways.append(_Way(any_of=tuple(tokens("case", cases)) or (0,)))
    parts = text.split()
    grams = set().union(*(rules.grams(part) for part in parts))
    if grams:
        ways.append(_Way(tokens=tuple(tokens("word", grams)), said=tuple(parts)))
    if not ways:
        raise Invalid(
            "至少输入两个字。", code="orders.search.too-short", do_next="单号、姓名、电话或正文里的词都可以。"
        )
    return ways


_NUMBER_OF_A_PERSON = re.compile(r"[\d\s+()-]{7,}[Xx]?")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,8}")
_ACCOUNT = re.compile(r"[A-Za-z][\w-]{4,}")


def _may_be(text: str) -> tuple[DatumKind, ...]:
    """What of a person the text looks like; each further kind is a further question to the vault."""
    if _NUMBER_OF_A_PERSON.fullmatch(text):
        return (DatumKind.PHONE, DatumKind.GUARDIAN_PHONE, DatumKind.ID_NUMBER)
    if _NAME.fullmatch(text):
        return (DatumKind.NAME,)
    return (DatumKind.WECHAT,) if _ACCOUNT.fullmatch(text) else ()


def _windows(query: OrderQuery, at: datetime) -> Iterator[list[int]]:
    """Months and years to look through, the newest first; each is one of these tokens, none means all of time."""
    day, since, until = local(at), _moment(query.since), _moment(query.until)
    if since or until:
        yield tokens("month", _months(since, until or at))
        return
    earlier = day.replace(day=1) - timedelta(days=1)
    yield tokens("month", [f"{day:%Y-%m}", f"{earlier:%Y-%m}"])
    yield tokens("year", [day.year, day.year - 1])
    yield []


def _months(since: datetime | None, until: datetime) -> list[str]:
    """The months between two moments; none (all of time) where there is no beginning or there are too many."""
    if since is None:
        return []
    found: list[str] = []
    last, month = local(until), local(since)
    while (month.year, month.month) <= (last.year, last.month) and len(found) <= MOST_MONTHS:
        found.append(f"{month:%Y-%m}")
        month = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return found if len(found) <= MOST_MONTHS else []


def _moment(day: str, *, after: bool = False) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(0), BEIJING) + timedelta(days=1 if after else 0)
    except (ValueError, OverflowError):  # the last of all days has no day after it
        return None


def _through_the_wall(asked: _Asked, window: list[int]) -> list[WorkOrder]:
    """One page and one more: candidates by tokens, then the orders themselves, as far as the wall and the words agree."""
    found: dict[int, WorkOrder] = {}
    for way in asked.ways:
        found |= {order.pk: order for order in _by_way(asked, way, window)}
    return sorted(found.values(), key=lambda order: (order.drafted_at, order.pk), reverse=True)[: asked.size + 1]


def _by_way(asked: _Asked, way: _Way, window: list[int]) -> list[WorkOrder]:
    """Candidates a round at a time, because the wall or the words may sort many of them out."""
    found: list[WorkOrder] = []
    after = asked.after
    for usual in _ROUNDS:
        most = max(usual, 2 * asked.size)
        hits = _candidates([*asked.wanted, *way.tokens], way.any_of, window, asked.query, after)
        candidates = list(hits[:most])
        orders = few_visible_to(asked.actor).filter(pk__in=[order_id for order_id, _ in candidates])
        for word in way.said:
            said = Q(instructions__icontains=word) | Q(case__summary__icontains=word)
            noted = OrderNote.objects.filter(order=OuterRef("pk"), text__icontains=word)
            orders = orders.filter(said | Exists(noted))
        found += orders.order_by("-drafted_at", "-pk")[: asked.size + 1 - len(found)]
        if len(found) > asked.size or len(candidates) < most:
            break
        after = Place(candidates[-1][1], candidates[-1][0])
    return found


def _candidates(
    wanted: list[int], any_of: tuple[int, ...], window: list[int], query: OrderQuery, after: Place | None
) -> QuerySet[OrderSearch, tuple[int, datetime]]:
    """Ids and moments of what the tokens find, the newest first, not read yet."""
    hits = OrderSearch.objects.all()
    if wanted:
        hits = hits.filter(tokens__contains=wanted)
    for choice in (any_of, window):
        if choice:
            hits = hits.filter(tokens__overlap=list(choice))
    if since := _moment(query.since):
        hits = hits.filter(drafted_at__gte=since)
    if until := _moment(query.until, after=True):
        hits = hits.filter(drafted_at__lt=until)
    if after:
        earlier = Q(drafted_at__lt=after.drafted_at) | Q(drafted_at=after.drafted_at, order_id__lt=after.order_id)
        hits = hits.filter(earlier)
    return hits.order_by("-drafted_at", "-order_id").values_list("order_id", "drafted_at")


def names_people(actor: Actor, words: str) -> dict[str, str]:
    """What of a person the words may be (kind → value), for whoever may look people up; each further kind is a further
    question to the vault."""
    text = words.strip()
    if not actor.may(SEE_PEOPLE):
        return {}
    likely = _may_be(text)
    return {kind: value for kind, value in may_be(text).items() if kind in likely}


def saved_views(actor: Actor) -> list[SavedView]:
    """What the person keeps, by name."""
    return list(SavedView.objects.filter(account_id=actor.account_id).order_by("name"))
