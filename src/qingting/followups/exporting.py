"""Lists of following up as files: the calls, and what the young people said of us."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qingting.core.actors import Actor
from qingting.exports.states import Filters, Sheet
from qingting.followups import permissions, selectors
from qingting.followups.models import FollowUp, RatingInvitation
from qingting.followups.states import FollowUpState
from qingting.orders.selectors import case_names
from qingting.staff.selectors import display_names


def _follow_up_ids(actor: Actor, filters: Filters, at: datetime, most: int) -> list[int]:
    state = filters.get("state", "")
    return selectors.follow_up_ids(actor, state if state in FollowUpState.values else FollowUpState.DUE, most)


def _follow_up_rows(actor: Actor, ids: Sequence[int], with_words: bool) -> list[list[Any]]:
    found = {one.pk: one for one in selectors.visible_to(actor).select_related("case").filter(pk__in=ids)}
    rows = [found[pk] for pk in ids if pk in found]
    cases = case_names({one.case_id for one in rows})
    people = display_names({one.done_by_account_id or 0 for one in rows})
    return [
        [*_call(one, cases.get(one.case_id, ("", ""))[1], people), *([one.words] if with_words else [])] for one in rows
    ]


def _call(one: FollowUp, category: str, people: dict[int, str]) -> list[Any]:
    return [
        one.case.number,
        category,
        one.get_kind_display(),
        one.get_state_display(),
        one.get_channel_display(),
        one.planned_at,
        one.due_at,
        one.attempts,
        one.get_means_display(),
        one.get_helped_display(),
        people.get(one.done_by_account_id or 0, ""),
        one.done_at,
    ]


def _state_told(actor: Actor, filters: Filters) -> str:
    state = filters.get("state", "")
    return str(FollowUpState(state if state in FollowUpState.values else FollowUpState.DUE).label)


FOLLOW_UPS = Sheet(
    key="follow-ups",
    title="回访列表",
    permission=permissions.VIEW,
    columns=(
        "个案号", "案由", "类型", "状态", "渠道", "安排时间", "期限", "已联系次数", "回访方式", "是否有帮助", "回访人", "完成时间",
    ),
    word_columns=("本人怎么说",),
    filters=("state",),
    told=_state_told,
    ids=_follow_up_ids,
    rows=_follow_up_rows,
)  # fmt: skip


def _rating_ids(actor: Actor, filters: Filters, at: datetime, most: int) -> list[int]:
    return selectors.rating_ids(actor, most)


def _rating_rows(actor: Actor, ids: Sequence[int], with_words: bool) -> list[list[Any]]:
    found = {one.pk: one for one in RatingInvitation.objects.select_related("case").filter(pk__in=ids)}
    rows = [found[pk] for pk in ids if pk in found]
    cases = case_names({one.case_id for one in rows})
    return [
        [
            one.case.number,
            cases.get(one.case_id, ("", ""))[1],
            one.invited_at,
            one.rated_at,
            one.score,
            one.get_helped_display(),
            *([one.words] if with_words else []),
        ]
        for one in rows
    ]


RATINGS = Sheet(
    key="ratings",
    title="本人评价",
    permission=permissions.VIEW,
    columns=("个案号", "案由", "邀请时间", "评价时间", "评分（5分满）", "是否有帮助"),
    word_columns=("本人的话",),
    filters=(),
    told=lambda actor, filters: "全部本人评价，新的在前",
    ids=_rating_ids,
    rows=_rating_rows,
)
