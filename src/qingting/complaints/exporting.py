"""The list of complaints as a file: what, when, how it ended; words only where a colleague agreed, contacts never."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qingting.complaints import permissions, selectors
from qingting.complaints.models import Complaint
from qingting.complaints.states import ComplaintState
from qingting.core.actors import Actor
from qingting.exports.states import Filters, Sheet
from qingting.orders.selectors import names_of
from qingting.staff.selectors import display_names


def _ids(actor: Actor, filters: Filters, at: datetime, most: int) -> list[int]:
    return selectors.complaint_ids(actor, filters.get("state", ""), most)


def _told(actor: Actor, filters: Filters) -> str:
    state = filters.get("state", "")
    return str(ComplaintState(state).label) if state in ComplaintState.values else "全部"


def _rows(actor: Actor, ids: Sequence[int], with_words: bool) -> list[list[Any]]:
    found = {one.pk: one for one in selectors.visible_to(actor).filter(pk__in=ids)}
    rows = [found[pk] for pk in ids if pk in found]
    houses = names_of({house for one in rows for house in (one.organisation_id, one.about_organisation_id)})
    people = display_names({one.handler_account_id or 0 for one in rows})
    return [[*_row(one, houses, people), *([_words(one)] if with_words else [])] for one in rows]


def _row(one: Complaint, houses: dict[int, str], people: dict[int, str]) -> list[Any]:
    return [
        one.number,
        one.get_state_display(),
        one.get_source_display(),
        one.get_about_display(),
        houses.get(one.about_organisation_id, ""),
        houses.get(one.organisation_id, ""),
        people.get(one.handler_account_id or 0, ""),
        one.received_at,
        one.acknowledged_at,
        one.answered_at,
        one.get_finding_display(),
        one.level,
    ]


def _words(one: Complaint) -> str:
    return "\n".join(f"{line.label}：{line.words}" for line in selectors.lines_of(one) if line.words)


COMPLAINTS = Sheet(
    key="complaints",
    title="投诉列表",
    permission=permissions.HANDLE,
    columns=(
        "投诉编号", "状态", "来源", "投诉什么", "被投诉单位", "办理单位", "办理人", "收到时间", "受理时间", "答复时间", "结论", "上报次数",
    ),
    word_columns=("经过",),
    filters=("state",),
    told=_told,
    ids=_ids,
    rows=_rows,
)  # fmt: skip
