"""Reading the directory. It holds no personal data, so any actor may; what is listed is what a page needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, Count, Q, QuerySet, Value

from qingting.core.actors import Actor
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
from qingting.directory.permissions import MANAGE
from qingting.directory.states import ClockKind, OrganisationKind


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
    return list(reversed(_line_of(organisation_id)[1]))


def province_of(organisation_id: int) -> str:
    """The GB/T 2260 code of the province that an organisation belongs to; NotFound where there is none."""
    return _line_of(organisation_id)[0]


@remembered(10)
def _line_of(organisation_id: int) -> tuple[str, list[int]]:
    found = organisation(organisation_id)
    return found.province, found.path


@remembered(10)
def kinds_above(organisation_id: int) -> list[tuple[int, str]]:
    """Ids and kinds of the organisations above one, the nearest first."""
    above = ancestors(organisation_id)[1:]
    kinds = dict(Organisation.objects.filter(pk__in=above).values_list("pk", "kind"))
    return [(house, kinds[house]) for house in above]


def ancestor_at(organisation_id: int, level: int) -> int:
    """The organisation `level` steps up the tree; the top when the tree ends earlier."""
    line = ancestors(organisation_id)
    return line[min(level, len(line) - 1)]


def manageable(actor: Actor, organisation_id: int) -> Organisation:
    """One organisation within the administrator's reach; from outside, one elsewhere looks like none."""
    actor.require(MANAGE)
    if not actor.may(MANAGE, organisation_id):
        raise not_found("单位", "directory.organisation.not-found")
    return organisation(organisation_id)


def line_within(actor: Actor, below: Organisation) -> list[Organisation]:
    """The organisations above one, from the actor's own downwards, without itself."""
    reach = [one for one in below.path[:-1] if actor.may(MANAGE, one)]
    known = Organisation.objects.in_bulk(reach)
    return [known[one] for one in reach]


def children(above: Organisation) -> QuerySet[Organisation]:
    """What stands directly below, in use first, with `below`: how many stand below each of them."""
    rows = Organisation.objects.filter(parent=above).select_related("division")
    return rows.annotate(below=Count("children")).order_by("-active", "kind", "division_id", "name")


def find_organisations(actor: Actor, words: str) -> QuerySet[Organisation]:
    """Organisations within the administrator's reach by a part of a name, or by a division's code."""
    actor.require(MANAGE)
    named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(division_id=words)
    rows = Organisation.objects.filter(named, id__in=actor.scope.organisations).select_related("division", "parent")
    return rows.annotate(below=Count("children")).order_by("-active", "division_id", "name")


def covered_provinces(centre: Organisation) -> QuerySet[Division]:
    """The provinces that a regional centre overlays; none for any other organisation."""
    return Division.objects.filter(regionalcover__centre=centre)


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
def category_line(code: str) -> tuple[str, ...]:
    """A case category and the one above it."""
    parent = CaseCategory.objects.filter(pk=code).values_list("parent_id", flat=True).first()
    return (code, parent) if parent else (code,)


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


def clock_rule_is_own(organisation_id: int, kind: str) -> bool:
    """Whether the organisation, or one above it, set a rule of its own for this clock."""
    return _rule_for(organisation_id, kind).organisation_id is not None


def span_of(minutes: int, *, working_time: bool, start: datetime) -> Span:
    """A span that somebody chose: so many minutes from `start`; it warns when a quarter is left, and climbs after as long."""
    total, before = timedelta(minutes=minutes), timedelta(minutes=max(1, minutes // 4))
    if not working_time:
        return Span(due_at=start + total, warn_at=start + total - before, escalate_every=before)
    works = working_days_around(start)
    due, warn = (rules.add_working_time(start, span, works) for span in (total, max(total - before, timedelta(0))))
    return Span(due_at=due, warn_at=warn, escalate_every=before)


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


@dataclass(frozen=True, slots=True)
class RuleHere:
    """A clock's rule as it holds in one organisation. own: set there itself; above: the organisation that set it, None
    for the platform's default."""

    rule: ClockRule
    own: bool
    above: Organisation | None


def clock_rules_here(organisation_id: int) -> list[RuleHere]:
    """The rule of every kind of clock in force in an organisation, in the order of the kinds."""
    line = ancestors(organisation_id)
    rows = ClockRule.objects.filter(Q(organisation_id__in=line) | Q(organisation=None)).select_related("organisation")
    found = {(rule.kind, rule.organisation_id): rule for rule in rows}
    here = []
    for kind in ClockKind:
        rule = next((found[kind, one] for one in [*line, None] if (kind, one) in found), None)
        if rule is not None:
            here.append(RuleHere(rule, rule.organisation_id == organisation_id, rule.organisation))
    return here


def unusual_days(year: int) -> list[tuple[date, bool, str, bool]]:
    """Days of a year that are worked though at a weekend, or off though not: (day, works, why, declared by us)."""
    declared = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    works = rules.works_on({day: row.works for day, row in declared.items()})
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    unusual = [day for day in days if day.year == year and (day in declared or works(day) != (day.weekday() < 5))]
    return [(day, works(day), declared[day].reason if day in declared else "", day in declared) for day in unusual]


def linkage_lists(province: str) -> list[LinkageList]:
    """Every version of a province's list with its items, the newest first."""
    return list(LinkageList.objects.filter(province=province).prefetch_related("items").order_by("-valid_from"))


def working_days_around(start: datetime) -> rules.WorksOn:
    """Whether a day is worked: the override table first, then the published statutory calendar."""
    return rules.works_on(_declared_days(local(start).date()))


@remembered(60)
def _declared_days(since: date) -> dict[date, bool]:
    return dict(CalendarDay.objects.filter(date__gte=since).values_list("date", "works"))
