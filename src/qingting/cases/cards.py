"""What the start page shows of cases: one's own with their running clocks, and those that may be closed or signed off."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from qingting.cases.models import Case, CaseHold
from qingting.cases.permissions import CLOSE, OPEN, SIGN_OFF
from qingting.cases.selectors import Deadline, category_names, deadline
from qingting.cases.states import FORBIDS_CLOSING, CaseState
from qingting.core.actors import Actor
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting

MOST = 6
LOOKED_AT = 200


def my_cases(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Open cases this person answers for, the soonest deadline first."""
    if not actor.may(OPEN):
        return None
    own = Case.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    mine = own.filter(owner_account_id=actor.account_id, state=CaseState.OPEN).order_by("-opened_at")[:LOOKED_AT]
    pressing = _pressing(list(mine), at)
    names = category_names({case.category for case, _soonest in pressing[:MOST]})
    return {
        "title": "我负责的个案",
        "template": "workbench/cards/rows.html",
        "url": f"{reverse('cases:list')}?whose=mine&state=OPEN",
        "urgent": any(soonest and soonest.state == "late" for _case, soonest in pressing),
        "push": "cases.* orders.* linkage.* followups.* core.clock-breached",
        "context": {
            "rows": [_row(case, soonest, names) for case, soonest in pressing[:MOST]],
            "more": len(pressing) > MOST,
            "empty": ("folder", "没有正在办理的个案", "会话中需要持续跟进的情况，在坐席台的“个案与联动”里建立个案。"),
        },
    }


def _pressing(cases: list[Case], at: datetime) -> list[tuple[Case, Deadline | None]]:
    """Cases with their soonest running deadline, those without one last. A clock may belong to whoever handles an order."""
    soonest: dict[int, Clock] = {}
    with acting(EVERYTHING):
        running = Clock.objects.filter(
            case_id__in=[case.pk for case in cases], met_at=None, cancelled_at=None, paused_at=None
        )
        for clock in running.order_by("due_at"):
            soonest.setdefault(clock.case_id or 0, clock)
    found = [(case, deadline(soonest[case.pk], at=at) if case.pk in soonest else None) for case in cases]
    return sorted(found, key=lambda pair: (pair[1] is None, pair[1].due_at if pair[1] else at))


def _row(case: Case, soonest: Deadline | None, names: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": case.number,
        "line": names.get(case.category, ""),
        "url": reverse("cases:case", args=[case.pk]),
        "level": case.urgency,
        "level_label": case.get_urgency_display(),
        "state": case.get_state_display(),
    }
    return row | ({"due_at": soonest.due_at, "due_label": soonest.label} if soonest else {})


def ready(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Cases whose holds have fallen: open ones to close, closed ones to sign off."""
    if not (actor.may(CLOSE) or actor.may(SIGN_OFF)):
        return None
    cases = list(_ready_cases(actor).order_by("opened_at")[: MOST + 1])
    names = category_names({case.category for case in cases})
    rows = [
        {**_row(case, None, names), "state": "可以结案" if case.state == CaseState.OPEN else "可以销号"}
        for case in cases[:MOST]
    ]
    return {
        "title": "可以结案、销号的个案",
        "template": "workbench/cards/rows.html",
        "url": reverse("cases:list"),
        "push": "cases.* orders.finished followups.*",
        "context": {
            "rows": rows,
            "more": len(cases) > MOST,
            "empty": ("check", "没有等着结案的个案", "工单办结、联动反馈、回访完成后，个案会出现在这里。"),
        },
    }


def _ready_cases(actor: Actor) -> QuerySet[Case]:
    """A case that never had a hold has only begun: it is not waiting to be closed."""
    mine = CaseHold.objects.filter(case_id=OuterRef("pk"))
    standing = mine.filter(lifted_at=None)
    to_close = Q(state=CaseState.OPEN) & Exists(mine) & ~Exists(standing.filter(kind__in=_codes(FORBIDS_CLOSING)))
    to_sign_off = Q(state=CaseState.CLOSED) & ~Exists(standing)
    asked = (to_close if actor.may(CLOSE) else Q(pk=None)) | (to_sign_off if actor.may(SIGN_OFF) else Q(pk=None))
    return Case.objects.filter(asked, organisation_id__in=sorted(actor.scope.organisations))


def _codes(kinds: Iterable[str]) -> list[str]:
    return sorted(str(kind) for kind in kinds)
