"""The numbers of one period, within the actor's sight. Every one leads to the list behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Aggregate, Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from qingting.contacts.states import CallerKind, Channel
from qingting.core.actors import Actor
from qingting.directory.models import CaseCategory, Division
from qingting.directory.states import Urgency
from qingting.seekers.states import AgeBand, Gender
from qingting.statistics.models import (
    CallbackFact,
    CallFact,
    CaseFact,
    ComplaintFact,
    ContactFact,
    ConversationFact,
    Fact,
)
from qingting.statistics.rules import ANSWERED_AT_LEAST, QUICK_SECONDS, Period, seconds, series, share

Facts = TypeVar("Facts", bound=Fact)


class Median(Aggregate):
    """The middle one of all, as the database finds it; none of none."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


_TALK_WAIT = ExpressionWrapper(F("answered_at") - F("started_at"), output_field=DurationField())
_WAIT = ExpressionWrapper(F("answered_at") - F("began_at"), output_field=DurationField())


def _within(facts: QuerySet[Facts], actor: Actor, period: Period) -> QuerySet[Facts]:
    return facts.filter(organisation_id__in=sorted(actor.scope.organisations), day__range=(period.first, period.last))


@dataclass(frozen=True, slots=True)
class Tile:
    """One number: label, value as shown, what it is made of, and the address of the list behind it."""

    key: str
    label: str
    value: str
    note: str = ""
    url_name: str = ""
    query: str = ""


def tiles(actor: Actor, period: Period) -> list[Tile]:
    """The numbers on top."""
    talks = _within(ConversationFact.objects.all(), actor, period)
    cases = _within(CaseFact.objects.all(), actor, period)
    query = f"from={period.first}&to={period.last}"
    complaints = _within(ComplaintFact.objects.all(), actor, period)
    calls = _within(CallFact.objects.all(), actor, period)
    promises = _within(CallbackFact.objects.all(), actor, period)
    spoken = [*_call_tiles(calls, promises), *_talk_tiles(talks)]
    return [*spoken, *_case_tiles(cases, query), _complaint_tile(complaints)]


def _call_tiles(calls: QuerySet[CallFact], promises: QuerySet[CallbackFact]) -> list[Tile]:
    """Calls that were let in; whoever is turned away (a block, a flood) is not missing at a seat."""
    counts = calls.exclude(outcome="REFUSED").aggregate(
        came=Count("pk"),
        answered=Count("answered_at"),
        quick=Count("pk", filter=Q(answered_at__lte=F("began_at") + timedelta(seconds=QUICK_SECONDS))),
        abandoned=Count("pk", filter=Q(outcome="ABANDONED")),
        middle=Median(_WAIT, filter=Q(answered_at__isnull=False)),
    )
    back = promises.aggregate(given=Count("pk"), kept=Count("done_at"))
    return [
        Tile("calls", "来电", str(counts["came"]), f"回拨任务{back['given']}，已回拨{back['kept']}"),
        Tile("calls-answered", "电话接通率", share(counts["answered"], counts["came"]),
             f"要求{ANSWERED_AT_LEAST}%以上，放弃{counts['abandoned']}"),
        Tile("calls-quick", f"{QUICK_SECONDS}秒内接起", share(counts["quick"], counts["came"]),
             f"用时中位{seconds(counts['middle'])}"),
    ]  # fmt: skip


def _complaint_tile(complaints: QuerySet[ComplaintFact]) -> Tile:
    counts = complaints.aggregate(
        came=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        true=Count("pk", filter=Q(finding__in=["TRUE", "PARTLY"])),
    )
    note = f"已答复{counts['answered']}，属实{counts['true']}"
    return Tile("complaints", "投诉", str(counts["came"]), note)


def _talk_tiles(talks: QuerySet[ConversationFact]) -> list[Tile]:
    counts = talks.aggregate(
        begun=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        danger=Count("pk", filter=Q(danger_level__in=[Urgency.CRITICAL, Urgency.URGENT])),
        met=Count("pk", filter=Q(intervened_at__isnull=False)),
        middle=Median(_TALK_WAIT, filter=Q(answered_at__isnull=False)),
    )
    return [
        Tile("conversations", "在线会话", str(counts["begun"]), f"接起{share(counts['answered'], counts['begun'])}"),
        Tile("wait", "接起用时（中位）", seconds(counts["middle"]), "进入到接入"),
        Tile("danger", "有危险信号", str(counts["danger"]), f"已介入{counts['met']}"),
    ]


def _case_tiles(cases: QuerySet[CaseFact], query: str) -> list[Tile]:
    counts = cases.aggregate(
        opened=Count("pk"),
        handed=Count("pk", filter=Q(handed_off_at__isnull=False)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        off=Count("pk", filter=Q(signed_off_at__isnull=False)),
        better=Count("pk", filter=Q(helped__in=["YES", "PARTLY"])),
        asked=Count("pk", filter=~Q(helped="")),
        mean=Avg("score"),
        late=Count("pk", filter=Q(breaches__gt=0)),
    )
    score = f"{counts['mean']:.1f}分" if counts["mean"] is not None else "—"
    return [
        Tile("cases", "新建个案", str(counts["opened"]), f"超时{counts['late']}", "cases:list", query),
        Tile("handoffs", "联动110", str(counts["handed"]), f"已签收{counts['acknowledged']}", "cases:list", query),
        Tile("signed-off", "已销号", str(counts["off"]), f"占新建 {share(counts['off'], counts['opened'])}",
             "cases:list", f"{query}&state=SIGNED_OFF"),
        Tile("helped", "回访有帮助", share(counts["better"], counts["asked"]), f"回访{counts['asked']}"),
        Tile("score", "本人评价", score, "满分5分"),
    ]  # fmt: skip


def by_day(actor: Actor, period: Period) -> dict[str, Any]:
    """Contacts and cases a day, as a chart's option."""
    days = period.days
    kinds: list[tuple[str, QuerySet[Any]]] = [
        ("来电", CallFact.objects.all()),
        ("在线会话", ConversationFact.objects.all()),
        ("接触登记", ContactFact.objects.all()),
        ("新建个案", CaseFact.objects.all()),
    ]
    return {
        "legend": {"data": [label for label, _facts in kinds], "top": 0},
        "xAxis": {"type": "category", "data": [f"{day.month}-{day.day}" for day in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": label, "type": "bar", "barMaxWidth": 28, "data": series(days, _daily(facts, actor, period))}
            for label, facts in kinds
        ],
    }


def _daily(facts: QuerySet[Any], actor: Actor, period: Period) -> Mapping[date, int]:
    return dict(_within(facts, actor, period).values_list("day").annotate(count=Count("pk")).order_by("day"))


def breakdowns(actor: Actor, period: Period) -> list[tuple[str, str, list[tuple[str, int, str]]]]:
    """(key, title, rows of (label, count, share)) for every way contacts are divided, largest first."""
    contacts = _within(ContactFact.objects.all(), actor, period)
    names = dict(CaseCategory.objects.values_list("code", "name"))
    places = dict(Division.objects.filter(code__in=contacts.values("division")).values_list("code", "name"))
    divided = (
        ("category", "案由", names),
        ("risk_level", "风险等级", dict(Urgency.choices)),
        ("channel", "渠道", dict(Channel.choices)),
        ("age_band", "年龄", dict(AgeBand.choices)),
        ("gender", "性别", dict(Gender.choices)),
        ("caller_kind", "来电人", dict(CallerKind.choices)),
        ("division", "地区", places),
    )
    return [(field, title, _rows(contacts, field, labels)) for field, title, labels in divided]


def _rows(contacts: QuerySet[ContactFact], field: str, labels: Mapping[Any, Any]) -> list[tuple[str, int, str]]:
    counted = list(contacts.values(value=F(field)).annotate(count=Count("pk")).order_by("-count", "value")[:30])
    total = sum(row["count"] for row in counted)
    return [
        (str(labels.get(row["value"], row["value"] or "未登记")), row["count"], share(row["count"], total))
        for row in counted
    ]
