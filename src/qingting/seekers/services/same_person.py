"""Saying that two records are the same young person, and taking it back. Only a person says so: a telephone may be a school's."""

from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.seekers import rules
from qingting.seekers.events import SeekersMerged, SeekersSeparated
from qingting.seekers.models import Seeker, SeekerMerge
from qingting.seekers.permissions import RECORD
from qingting.seekers.selectors import root_of, visible_to


@transaction.atomic
def merge_seekers(*, actor: Actor, seeker_ids: tuple[int, int], words: str, at: datetime) -> SeekerMerge:
    """Read two records as one from now on, under the older one's name. Nothing of either is changed.

    words: why they are the same person. Raises NotFound where one is out of sight, NotAllowed where the actor may not record
    for both organisations, Invalid without words, DomainError where they are one already.
    """
    words = rules.without_numbers(words.strip())[:200]
    if len(words) < 2:
        raise Invalid(
            "请写明为什么判定是同一个人。",
            code="seekers.merge.words-missing",
            do_next="只有号码相同还不够：学校、家长的电话可能被很多人使用。",
        )
    kept, merged = _both(actor, seeker_ids)
    merge = SeekerMerge.objects.create(
        organisation_id=kept.organisation_id,
        province=kept.province,
        kept=kept,
        merged=merged,
        words=words,
        account_id=actor.account_id,
        at=at,
    )
    publish(SeekersMerged(**_told(merge)), actor=actor, at=at)
    return merge


def _both(actor: Actor, seeker_ids: tuple[int, int]) -> tuple[Seeker, Seeker]:
    """The two whole persons behind the records, locked, the older first."""
    roots = sorted({root_of(_seen(actor, one).pk) for one in seeker_ids})
    if len(roots) != 2:
        raise DomainError(
            "这两份档案已经是同一个人。", code="seekers.merge.same", do_next="请刷新页面查看合并后的档案。"
        )
    rows = list(Seeker.objects.select_for_update().filter(pk__in=roots).order_by("created_at", "pk"))
    for row in rows:
        actor.require(RECORD, row.organisation_id)
    if len(rows) != 2:
        raise not_found("来访者", "seekers.seeker.not-found")
    return rows[0], rows[1]


def _seen(actor: Actor, seeker_id: int) -> Seeker:
    found = visible_to(actor).filter(pk=seeker_id).first()
    if found is None:
        raise not_found("来访者", "seekers.seeker.not-found")
    return found


def _told(merge: SeekerMerge) -> dict[str, Any]:
    return {
        "organisation_id": merge.organisation_id,
        "province": merge.province,
        "seeker_id": merge.kept_id,
        "merged_seeker_id": merge.merged_id,
        "merge_id": merge.pk,
    }


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: int, words: str, at: datetime) -> SeekerMerge:
    """They are two people after all: both records stand as before. Undoing twice changes nothing."""
    words = rules.without_numbers(words.strip())[:200]
    merge = SeekerMerge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None or not visible_to(actor).filter(pk=merge.kept_id).exists():
        raise not_found("合并记录", "seekers.merge.not-found")
    actor.require(RECORD, merge.organisation_id)
    if not words:
        raise Invalid("请写明为什么分开。", code="seekers.merge.words-missing")
    if SeekerMerge.objects.filter(pk=merge.pk, undone_at=None).update(
        undone_at=at, undone_by_account_id=actor.account_id, undone_words=words
    ):
        publish(SeekersSeparated(**_told(merge)), actor=actor, at=at)
    return merge
