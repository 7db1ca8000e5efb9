"""Finding a person by an exact value: few times an hour, and never unnoticed."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.events import publish
from qingting.core.rate_limits import any_first_within, check_rate
from qingting.seekers.events import SeekersSought
from qingting.seekers.models import Seeker
from qingting.seekers.selectors import find_by, index_of
from qingting.seekers.states import DatumKind

# Product default: more than a busy shift asks, far less than it takes to try out a town's telephone numbers.
SEARCHES_AN_HOUR = 120
AGAIN = 600


@transaction.atomic
def find_seekers(*, actor: Actor, kind: str, value: str, at: datetime) -> list[Seeker]:
    """People of whom exactly this is or was kept, the newest first. That somebody looked, by what kind of value and how many
    were found, enters the journal; the value does not.

    Raises Invalid without a complete value, TooMany above SEARCHES_AN_HOUR of one account.
    """
    check_rate("find-person", str(actor.account_id), limit=SEARCHES_AN_HOUR, seconds=3600, at=at)
    found = find_by(actor, kind, value)
    sought = SeekersSought(
        organisation_id=actor.organisation_id,
        province=actor.province,
        kind=kind,
        kind_label=str(DatumKind(kind).label),
        count=len(found),
    )
    publish(sought, actor=actor, at=at)
    return found


@transaction.atomic
def find_anybody(*, actor: Actor, kinds: dict[str, str], at: datetime) -> dict[int, tuple[Seeker, str]]:
    """The same for a text that may be of several kinds (kind → value): one search, counted and told once. Returns seeker and
    kind by seeker id.

    Asked again within AGAIN seconds (the next page, another list of the same search), by the same kinds or by fewer, it is
    still the same search.
    """
    if not kinds:
        return {}
    fresh = _is_new(actor, kinds, at)
    if fresh:
        check_rate("find-person", str(actor.account_id), limit=SEARCHES_AN_HOUR, seconds=3600, at=at)
    found: dict[int, tuple[Seeker, str]] = {}
    for kind, value in kinds.items():
        for seeker in find_by(actor, kind, value):
            found.setdefault(seeker.pk, (seeker, kind))
    if not fresh:
        return found
    sought = SeekersSought(
        organisation_id=actor.organisation_id,
        province=actor.province,
        kind=",".join(kinds),
        kind_label="、".join(str(DatumKind(kind).label) for kind in kinds),
        count=len(found),
    )
    publish(sought, actor=actor, at=at)
    return found


def _is_new(actor: Actor, kinds: dict[str, str], at: datetime) -> bool:
    values = [(kind, index_of(kind, value) or b"") for kind, value in kinds.items()]
    asked = {f"{actor.account_id}:{kind}:{index.hex()}" for kind, index in values}
    return any_first_within("find-person-again", asked, seconds=AGAIN, at=at)
