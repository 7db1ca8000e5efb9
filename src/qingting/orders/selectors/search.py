"""Finding orders among millions: by numbers, names, telephones, words, category, place and time, within one's sight.

One index answers everything (`models.OrderSearch`): all that is asked for, and the organisation one acts for, must be among
an order's tokens. Recent months are looked through first, so that common words don't drag up ten years.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.crypto import seal, unseal
from qingting.core.errors import Invalid
from qingting.core.time import BEIJING, local
from qingting.orders import rules
from qingting.orders.models import OrderSearch, SavedView, WorkOrder
from qingting.orders.selectors.sight import visible_to
from qingting.orders.selectors.tokens import token, tokens
from qingting.seekers.permissions import VIEW as SEE_PEOPLE
from qingting.seekers.selectors import find_by
from qingting.seekers.states import DatumKind

PAGE = 20
MOST = 500  # as far as one turns pages; beyond that one narrows the search
MOST_MONTHS = 36
_CANDIDATES = 2000


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
class Found:
    """The orders of one page, the newest first. more: whether there is a next page."""

    orders: list[WorkOrder]
    number: int
    more: bool


def search(actor: Actor, query: OrderQuery, *, at: datetime, page: int = 1) -> Found:
    """One page of what fits. Raises Invalid for words too short to look for."""
    page = min(max(1, page), MOST // PAGE)
    wanted, ways = _tokens_of(actor, query), _ways(actor, query.words)
    found: list[WorkOrder] = []
    for window in _windows(query, at):
        found = _through_the_wall(actor, query, wanted, ways, window, page * PAGE + 1)
        if len(found) > page * PAGE:
            break
    return Found(found[(page - 1) * PAGE : page * PAGE], page, len(found) > page * PAGE)


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


def _ways(actor: Actor, words: str) -> list[_Way]:
    """What was typed may be a number, a person, or words of the text; each reading is tried."""
    text = words.strip()
    if not text:
        return [_Way()]
    ways = [_Way(tokens=(token("number", text.upper()),))] if any(letter.isdigit() for letter in text) else []
    if people := _cases_of_people(actor, text):
        ways.append(_Way(any_of=tuple(tokens("case", people))))
    parts = text.split()
    grams = set().union(*(rules.grams(part) for part in parts))
    if grams:
        ways.append(_Way(tokens=tuple(tokens("word", grams)), said=tuple(parts)))
    if not ways:
        raise Invalid(
            "至少输入两个字。", code="orders.search.too-short", do_next="单号、姓名、电话或正文里的词都可以。"
        )
    return ways


def _cases_of_people(actor: Actor, text: str) -> list[int]:
    """Cases of people of whom exactly this name, telephone, WeChat id or id number is kept, in sight."""
    if not actor.may(SEE_PEOPLE):
        return []
    seekers: set[int] = set()
    for kind in _may_be(text):
        try:
            seekers.update(seeker.pk for seeker in find_by(actor, kind, text))
        except Invalid:
            continue
    return list(Case.objects.filter(seeker_id__in=seekers).values_list("pk", flat=True)) if seekers else []


_NUMBER_OF_A_PERSON = re.compile(r"[\d\s+()-]{7,}[Xx]?")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,8}")
_ACCOUNT = re.compile(r"[A-Za-z][\w-]{4,}")


def _may_be(text: str) -> tuple[DatumKind, ...]:
    """What of a person the text looks like; each further kind is a further question to the vault."""
    if _NUMBER_OF_A_PERSON.fullmatch(text):
        return (DatumKind.PHONE, DatumKind.GUARDIAN_PHONE, DatumKind.ID_NUMBER)
    if _NAME.fullmatch(text):
        return (DatumKind.NAME, DatumKind.GUARDIAN_NAME)
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
    except ValueError:
        return None


def _through_the_wall(
    actor: Actor, query: OrderQuery, wanted: list[int], ways: list[_Way], window: list[int], most: int
) -> list[WorkOrder]:
    """Candidates by tokens, then the orders themselves, as far as the wall and the words themselves agree."""
    found: dict[int, WorkOrder] = {}
    for way in ways:
        ids = _candidates([*wanted, *way.tokens], way.any_of, window, query)
        orders = visible_to(actor).filter(pk__in=ids)
        for word in way.said:
            said = Q(instructions__icontains=word) | Q(notes__text__icontains=word) | Q(case__summary__icontains=word)
            orders = orders.filter(said)
        fitting = orders.distinct() if way.said else orders
        found |= {order.pk: order for order in fitting.order_by("-drafted_at", "-pk")[:most]}
    return sorted(found.values(), key=lambda order: (order.drafted_at, order.pk), reverse=True)[:most]


def _candidates(wanted: list[int], any_of: tuple[int, ...], window: list[int], query: OrderQuery) -> list[int]:
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
    return list(hits.order_by("-drafted_at").values_list("order_id", flat=True)[:_CANDIDATES])


def saved_views(actor: Actor) -> list[SavedView]:
    """What the person keeps, by name."""
    return list(SavedView.objects.filter(account_id=actor.account_id).order_by("name"))
