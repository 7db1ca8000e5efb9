"""Opening the growth file of a person who is not one's own matter: with a reason, for a shift."""

from datetime import datetime, timedelta

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.seekers import rules
from qingting.seekers.events import FileOpened
from qingting.seekers.models import FileOpening
from qingting.seekers.selectors import seeker_of
from qingting.seekers.states import OpeningReason

OPEN_FOR = timedelta(hours=8)
OPENINGS_AN_HOUR = 40
"""Both product defaults: a shift; and more than anybody reads in an hour."""


@transaction.atomic
def open_file(*, actor: Actor, seeker_id: int, reason_code: str, words: str, at: datetime) -> FileOpening:
    """Write down why, tell the journal of the person's organisation, and let the actor read the file for OPEN_FOR.

    Raises NotFound out of sight, Invalid without a reason, TooMany above OPENINGS_AN_HOUR.
    """
    seeker = seeker_of(actor, seeker_id)
    words = rules.without_numbers(words.strip())[:200]
    if reason_code not in OpeningReason.values or (reason_code == OpeningReason.OTHER and not words):
        raise Invalid(
            "打开别人的档案需要写明理由。",
            code="seekers.file.reason-missing",
            do_next="请选择一个理由；选“其他”时请写一句说明。",
        )
    check_rate("open-file", str(actor.account_id), limit=OPENINGS_AN_HOUR, seconds=3600, at=at)
    opening = FileOpening.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        seeker=seeker,
        account_id=actor.account_id,
        reason_code=reason_code,
        words=words,
        at=at,
        ends_at=at + OPEN_FOR,
    )
    opened = FileOpened(
        organisation_id=seeker.organisation_id,
        province=seeker.province,
        seeker_id=seeker.pk,
        reason_code=reason_code,
        reason_label=str(OpeningReason(reason_code).label),
        opening_id=opening.pk,
    )
    publish(opened, actor=actor, at=at)
    return opening
