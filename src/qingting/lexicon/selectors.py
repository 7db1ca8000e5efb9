"""Reading versions and corrections; and which edition of the rules is in force for an organisation."""

import json
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, QuerySet

from qingting.chat.models import DangerSign, Message
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.remembered import remembered
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import ancestors
from qingting.lexicon import rules
from qingting.lexicon.measures import Labelled
from qingting.lexicon.models import LabelledRow, LexiconVersion, TrafficShift
from qingting.lexicon.states import IN_WORK, RowState, VersionState
from qingting.screening import screen
from qingting.screening.editions import SHIPPED, Edition, edition_from, in_force, reading
from qingting.screening.rules import book

log = logging.getLogger(__name__)
FRESH = 2.0  # seconds within which every process reads with a version that came into use


class Damaged(RuntimeError):
    """A version's content is not the one that its checksum names."""


def edition_for(organisation_id: int) -> Edition:
    """The edition in force: the organisation's own version, else the nearest above, else the data as shipped.

    Raises Damaged for a content that was changed behind the platform's back; nothing else reads on with it either.
    """
    found = _in_force(organisation_id)
    if found is None:
        return SHIPPED
    return _checked(*found)


@remembered(FRESH)
def _in_force(organisation_id: int) -> tuple[int, str, str] | None:
    """(version, content, checksum). In a savepoint, so that a fault here never costs the message that is being stored."""
    with transaction.atomic(), acting(EVERYTHING):
        line = ancestors(organisation_id)
        active = LexiconVersion.objects.filter(organisation_id__in=line, state=VersionState.ACTIVE)
        by_place = {row.organisation_id: row for row in active}
    nearest = next((by_place[place] for place in line if place in by_place), None)
    return (nearest.pk, nearest.content, nearest.checksum) if nearest else None


def _checked(id_: int, content: str, checksum: str) -> Edition:
    if rules.checksum(content) != checksum:
        raise Damaged(f"the content of lexicon version {id_} does not match its checksum")
    edition = edition_from(content, id_)
    with reading(edition):
        book()  # compiled once, and a content that does not compile is found here and not in somebody's message
    return edition


def visible_to(actor: Actor) -> QuerySet[LexiconVersion]:
    """Versions of the actor's organisations."""
    return LexiconVersion.objects.filter(organisation_id__in=sorted(actor.scope.organisations))


def version_for(actor: Actor, version_id: int) -> LexiconVersion:
    """One version; NotFound outside the actor's sight."""
    found = visible_to(actor).select_related("base").filter(pk=version_id).first()
    if found is None:
        raise not_found("词库版本", "lexicon.version.not-found")
    return found


def active_version(organisation_id: int) -> LexiconVersion | None:
    """The organisation's own version in use."""
    return LexiconVersion.objects.filter(organisation_id=organisation_id, state=VersionState.ACTIVE).first()


def in_work(organisation_id: int) -> LexiconVersion | None:
    """The one version that is being written, measured or reviewed."""
    return LexiconVersion.objects.filter(organisation_id=organisation_id, state__in=IN_WORK).first()


def history(actor: Actor) -> QuerySet[LexiconVersion]:
    """All versions of the organisation, the newest first, without their contents."""
    own = LexiconVersion.objects.filter(organisation_id=actor.organisation_id)
    return own.defer("content", "measures").order_by("-number")


def waiting_for(actor: Actor) -> QuerySet[LexiconVersion]:
    """Versions measured and waiting for a second person, who is not the one who proposed them."""
    waiting = visible_to(actor).filter(state=VersionState.WAITING)
    return waiting.exclude(proposed_by_account_id=actor.account_id).order_by("submitted_at")


def content_of(version: LexiconVersion | None) -> rules.Content:
    """The content of a version as data; empty for the shipped data."""
    return parsed(version.content) if version else {}


def parsed(text: str) -> rules.Content:
    """A content's text as data."""
    content: rules.Content = json.loads(text)
    return content


def shifts_by_kind(version: LexiconVersion) -> dict[str, int]:
    """How many messages within sight are read at another level, by what changes."""
    rows = version.shifts.values("kind").annotate(number=Count("pk")).values_list("kind", "number")
    return dict(rows)


def shifted(version: LexiconVersion, kind: str, *, most: int) -> list[tuple[TrafficShift, Message]]:
    """Messages within sight that changed in this way, the newest first."""
    rows = list(version.shifts.filter(kind=kind).order_by("-message_id")[:most])
    messages = Message.objects.in_bulk([row.message_id for row in rows])
    return [(row, messages[row.message_id]) for row in rows if row.message_id in messages]


def corrections(actor: Actor) -> QuerySet[DangerSign]:
    """Signs that a counsellor corrected or added and that nobody has decided on, the newest first; not one's own."""
    here = DangerSign.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    decided = LabelledRow.objects.values("sign_id")
    open_ones = here.exclude(corrected_by_account_id=None).exclude(pk__in=decided)
    return open_ones.exclude(corrected_by_account_id=actor.account_id).order_by("-corrected_at")


def correction_for(actor: Actor, sign_id: int) -> DangerSign:
    """One of them; NotFound where it was decided on, is one's own, or lies out of sight."""
    found = corrections(actor).select_related("message").filter(pk=sign_id).first()
    if found is None:
        raise not_found("更正", "lexicon.correction.not-found")
    return found


def labelled(actor: Actor) -> QuerySet[LabelledRow]:
    """What corrections became, the newest first."""
    here = LabelledRow.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    return here.order_by("-confirmed_at")


def confirmed_rows(organisation_ids: Sequence[int] | None = None) -> list[Labelled]:
    """Confirmed rows as the evaluation reads them; all that are within sight where no organisation is named."""
    rows = LabelledRow.objects.filter(state=RowState.CONFIRMED).order_by("confirmed_at", "pk")
    if organisation_ids is not None:
        rows = rows.filter(organisation_id__in=organisation_ids)
    return [Labelled("CONFIRMED", row.text, row.type, row.level) for row in rows]


def wrong_now(organisation_id: int, rows: Sequence[LabelledRow]) -> set[int]:
    """Ids of the rows that the edition in force reads wrongly."""
    with in_force(organisation_id):
        found = [(row, screen(row.text)) for row in rows if row.text]
    return {row.pk for row, seen in found if (row.type not in seen.types if row.type else seen.alert)}
