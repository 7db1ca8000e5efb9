"""The evaluation of a version as a job: a batch a step, its account kept in the row, so that it goes on after any restart."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from qingting.chat.models import Message
from qingting.chat.states import Author
from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import subtree_ids
from qingting.lexicon import measures, rules, selectors
from qingting.lexicon.events import VersionMeasured
from qingting.lexicon.models import LexiconVersion, TrafficShift
from qingting.lexicon.permissions import APPROVE
from qingting.lexicon.services.drafting import moved
from qingting.lexicon.states import MOST_MESSAGES, VersionKind, VersionState
from qingting.screening.editions import Edition
from qingting.staff.services import News, notify_account, notify_holders

BATCH = 200  # texts a step, each read twice: some tenths of a second


@transaction.atomic
def measure_step(*, at: datetime) -> int:
    """One batch of the oldest version that is being measured. Returns how many texts were read; 0 where there is none."""
    with acting(EVERYTHING):
        measuring = LexiconVersion.objects.filter(state=VersionState.MEASURING).order_by("submitted_at")
        version = measuring.select_for_update(skip_locked=True, of=("self",)).first()
        if version is None:
            return 0
        before, after = _editions(version)
        rows = measures.material(selectors.confirmed_rows(sorted(subtree_ids(version.organisation_id))))
        account = version.measures
        batch = rows[account["at"] : account["at"] + BATCH]
        read = len(batch)
        if batch:
            measures.account(account, batch, before, after)
            account["at"] += read
        else:
            read = _traffic(version, before, after)
        _progress(version, len(rows), read)
        if not read:
            _finish(version, after, at)
    return max(read, 1)


def _editions(version: LexiconVersion) -> tuple[Edition, Edition]:
    before = rules.edition_of(selectors.content_of(version.base), version.base_id or 0)
    return before, rules.edition_of(selectors.content_of(version), version.pk)


def _recent(version: LexiconVersion) -> QuerySet[Message]:
    since = (version.submitted_at or version.proposed_at) - timedelta(days=version.days)
    places = sorted(subtree_ids(version.organisation_id))
    said = Message.objects.filter(organisation_id__in=places, author=Author.SEEKER, sent_at__gte=since)
    return said.filter(sent_at__lte=version.submitted_at).order_by("-pk")


def _traffic(version: LexiconVersion, before: Edition, after: Edition) -> int:
    """The next messages of recent traffic, newest first; only those whose level changes are kept, and only by number."""
    traffic: dict[str, Any] = version.measures["traffic"]
    left = MOST_MESSAGES - traffic["read"]
    later = _recent(version).filter(pk__lt=traffic["below"]) if "below" in traffic else _recent(version)
    messages = list(later.only("pk", "organisation_id", "province", "text")[: min(BATCH, left)])
    shifts = [(message, measures.shift(message.text, before, after)) for message in messages]
    TrafficShift.objects.bulk_create(
        TrafficShift(
            organisation_id=message.organisation_id,
            province=message.province,
            version=version,
            message_id=message.pk,
            kind=shift.kind,
            before=shift.before,
            after=shift.after,
            types=shift.types,
        )
        for message, shift in shifts
        if shift is not None
    )
    if messages:
        traffic["below"], traffic["read"] = messages[-1].pk, traffic["read"] + len(messages)
    return len(messages)


def _progress(version: LexiconVersion, rows: int, read: int) -> None:
    version.total = version.total or rows + min(_recent(version).count(), MOST_MESSAGES)
    version.done = min(version.done + read, version.total)
    version.save(update_fields=["measures", "done", "total"])


def _finish(version: LexiconVersion, after: Edition, at: datetime) -> None:
    version.measures["broken"] = measures.broken_sentences(after)
    version.save(update_fields=["measures"])
    refused = "" if version.kind == VersionKind.ROLL_BACK else measures.refusal(version.measures)
    moved(version, "fail" if refused else "pass", refused_words=refused[:300], done=version.total)
    actor = system_for(version.organisation_id, version.province)
    publish(VersionMeasured(**version.facts(), passed=not refused), actor=actor, at=at)
    house, subject = version.organisation_id, ("lexicon_version", version.pk)
    if refused:
        news = News(kind="lexicon.refused", subject=subject, urgency="ROUTINE")
        notify_account(organisation_id=house, account_id=version.proposed_by_account_id, news=news, at=at)
    else:
        news = News(kind="lexicon.to-approve", subject=subject, urgency="ROUTINE")
        notify_holders(organisation_id=house, permission=APPROVE, news=news, at=at)
