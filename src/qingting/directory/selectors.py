"""Reading the directory. It holds no personal data, so any actor may; what is listed is what a page needs."""

from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, QuerySet, Value

from qingting.core.clocks import Span
from qingting.core.errors import DomainError, not_found
from qingting.core.remembered import remembered
from qingting.core.time import local
from qingting.directory import rules
from qingting.directory.models import (
    CalendarDay,
    CaseCategory,
    ClockRule,
    Division,
    LinkageItem,
    LinkageList,
    Organisation,
)
from qingting.directory.states import OrganisationKind


def organisation(organisation_id: int) -> Organisation:
    """One organisation by id; NotFound otherwise."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise not_found("单位", "directory.organisation.not-found")
    return found


def subtree_ids(organisation_id: int) -> frozenset[int]:
    """The organisation and everything below it."""
    wanted = Value(organisation_id, output_field=BigIntegerField())  # a bare int would be sent with 32 bits
    return frozenset(Organisation.objects.filter(path__contains=[wanted]).values_list("id", flat=True))


def ancestors(organisation_id: int) -> list[int]:
    """Ids from the organisation itself upwards to the nation."""
    return list(reversed(organisation(organisation_id).path))


def ancestor_at(organisation_id: int, level: int) -> int:
    """The organisation `level` steps up the tree; the top when the tree ends earlier."""
    line = ancestors(organisation_id)
    return line[min(level, len(line) - 1)]


def handlers_for(division_code: str) -> QuerySet[Organisation]:
    """League organisations that take a division's orders: the county, then its city, then the province."""
    codes = rules.division_line(division_code)
    kinds = [OrganisationKind.COUNTY, OrganisationKind.CITY, OrganisationKind.PROVINCE]
    return Organisation.objects.filter(division_id__in=codes, kind__in=kinds, active=True).order_by("-division_id")


def partner(kind: str, province: str) -> Organisation:
    """The partner desk of a province (110, 12345 …); NotFound where none is set up."""
    found = Organisation.objects.filter(partner_kind=kind, province=province, active=True).first()
    if found is None:
        raise not_found("联动单位", "directory.partner.not-found")
    return found


def divisions_below(code: str | None) -> QuerySet[Division]:
    """The children of a division; provinces for None."""
    return Division.objects.filter(parent_id=code)


def categories() -> QuerySet[CaseCategory]:
    """All active case categories with their parents."""
    return CaseCategory.objects.filter(active=True).select_related("parent")


@remembered(60)
def category_is_known(code: str) -> bool:
    """Whether there is such a case category, in use or not any more."""
    return CaseCategory.objects.filter(pk=code).exists()


@remembered(60)
def division_is_known(code: str) -> bool:
    """Whether there is such a division."""
    return Division.objects.filter(pk=code).exists()


def current_linkage_list(province: str, *, on: datetime) -> LinkageList:
    """The version of the list in force; DomainError where a province has none."""
    day = local(on).date()
    lists = LinkageList.objects.filter(province=province, valid_from__lte=day).order_by("-valid_from")
    found = next((entry for entry in lists if entry.valid_to is None or entry.valid_to >= day), None)
    if found is None:
        raise DomainError(
            "本省还没有生效的分流转办事项清单。",
            code="directory.linkage-list.none",
            do_next="请先电话联系110，并请省级管理员录入清单。",
        )
    return found


def linkage_items(province: str, direction: str, *, on: datetime) -> QuerySet[LinkageItem]:
    """The items of the list in force, in order."""
    return LinkageItem.objects.filter(list=current_linkage_list(province, on=on), direction=direction)


def clock_span(organisation_id: int, kind: str, *, start: datetime) -> Span:
    """How long a clock runs for an organisation: its own rule, else the nearest above, else the default."""
    rule = _rule_for(organisation_id, kind)
    total, before = timedelta(minutes=rule.minutes), timedelta(minutes=rule.warn_minutes_before)
    if rule.working_time:
        works = working_days_around(start)
        due = rules.add_working_time(start, total, works)
        warn = rules.add_working_time(start, total - before, works)
    else:
        due, warn = start + total, start + total - before
    return Span(due_at=due, warn_at=warn, escalate_every=timedelta(minutes=rule.escalate_minutes))


@remembered(10)
def _rule_for(organisation_id: int, kind: str) -> ClockRule:
    line = ancestors(organisation_id)
    found = {rule.organisation_id: rule for rule in ClockRule.objects.filter(kind=kind)}
    for candidate in [*line, None]:
        if candidate in found:
            return found[candidate]
    raise DomainError(
        "没有为这类事项设置时限。", code="directory.clock-rule.none", do_next="请管理员在“时限设置”中补充。"
    )


def working_days_around(start: datetime) -> rules.WorksOn:
    """Whether a day is worked: the override table first, then the published statutory calendar."""
    return rules.works_on(_declared_days(local(start).date()))


@remembered(60)
def _declared_days(since: date) -> dict[date, bool]:
    return dict(CalendarDay.objects.filter(date__gte=since).values_list("date", "works"))
