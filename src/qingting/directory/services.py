"""Every write of the directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model

from qingting.core.actors import SYSTEM, Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.directory import reference, rules, selectors
from qingting.directory.events import (
    CalendarDaySet,
    ClockRuleForgotten,
    ClockRuleSet,
    OrganisationAdded,
    OrganisationChanged,
    ReferenceDataLoaded,
    RegionalCoverSet,
)
from qingting.directory.models import (
    CalendarDay,
    CaseCategory,
    ClockRule,
    Division,
    LinkageItem,
    LinkageList,
    Organisation,
    RegionalCover,
)
from qingting.directory.permissions import MANAGE
from qingting.directory.states import ClockKind, OrganisationKind


@transaction.atomic
def load_reference_data(*, at: datetime) -> int:
    """Bring divisions, categories, linkage lists and default clock rules up to what the data files say.

    Returns how many rows changed: loading again changes none. Rows that the files no longer hold stay,
    because old records name them.
    """
    changed = _upsert(Division, reference.divisions(), ("code",))
    changed += _upsert(CaseCategory, reference.categories(), ("code",))
    for head, items in reference.linkage_lists():
        changed += _upsert(LinkageList, [head], ("version",))
        changed += _upsert(LinkageItem, items, ("list_id", "direction", "number"))
    changed += _upsert(ClockRule, reference.clock_rules(), ("organisation_id", "kind"))
    if changed:
        publish(ReferenceDataLoaded(organisation_id=0, province="", changed_rows=changed), actor=SYSTEM, at=at)
    return changed


def _upsert(model: type[Model], rows: Sequence[reference.Row], key: tuple[str, ...]) -> int:
    """Insert or update the rows that differ from what is stored; returns how many did."""
    columns = tuple(rows[0])
    table = model._default_manager  # noqa: SLF001  (Django's documented name for it)
    stored = {tuple(row[name] for name in key): tuple(row[name] for name in columns) for row in table.values(*columns)}
    fresh = [row for row in rows if stored.get(tuple(row[name] for name in key)) != tuple(row.values())]
    table.bulk_create(
        [model(**row) for row in fresh],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=[name.removesuffix("_id") for name in key],
        update_fields=[name.removesuffix("_id") for name in columns if name not in key],
    )
    return len(fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    """What is entered about an organisation. division_code may be empty; partner_kind: partners only."""

    kind: OrganisationKind
    name: str
    short_name: str = ""
    division_code: str = ""
    partner_kind: str = ""
    phone: str = ""


@transaction.atomic
def add_organisation(
    *, actor: Actor, parent: Organisation | None, details: NewOrganisation, at: datetime
) -> Organisation:
    """Add an organisation below `parent`; only the platform itself may add the nation, which has none.

    Raises NotAllowed outside the actor's reach, Invalid for a kind that doesn't fit below the parent.
    """
    actor.require(MANAGE, parent.id if parent else 0)
    _check_place(details, parent)
    organisation = Organisation(
        kind=details.kind,
        name=details.name,
        short_name=details.short_name or details.name,
        province=rules.province_of(details.division_code, parent.province if parent else rules.NATION),
        division_id=details.division_code or None,
        parent=parent,
        partner_kind=details.partner_kind,
        phone=details.phone,
        path=[],
    )
    organisation.path = [*(parent.path if parent else []), organisation.id]
    organisation.save(force_insert=True)
    event = OrganisationAdded(
        organisation_id=organisation.id,
        province=organisation.province,
        parent_id=parent.id if parent else 0,
        kind=details.kind,
    )
    publish(event, actor=actor, at=at)
    return organisation


def _check_place(details: NewOrganisation, parent: Organisation | None) -> None:
    above = OrganisationKind(parent.kind) if parent else None
    if not rules.may_stand_below(details.kind, above):
        raise Invalid(
            f"“{details.kind.label}”不能设在“{above.label if above else '最高层'}”之下。",
            code="directory.organisation.wrong-place",
            do_next="请选择正确的上级单位。",
        )
    if (details.kind == OrganisationKind.PARTNER) != bool(details.partner_kind):
        raise Invalid(
            "联动单位需要选择类别，其他单位不能选择。",
            code="directory.organisation.partner-kind",
            do_next="请检查“单位类型”和“联动单位类别”。",
        )


CHANGEABLE = frozenset({"name", "short_name", "phone", "active"})


@transaction.atomic
def change_organisation(
    *, actor: Actor, organisation: Organisation, changes: dict[str, str | bool], at: datetime
) -> Organisation:
    """Change name, short name, phone or whether it is in use. Kind and place in the tree stay."""
    actor.require(MANAGE, organisation.id)
    if unknown := changes.keys() - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    differing = {name: value for name, value in changes.items() if getattr(organisation, name) != value}
    if differing.get("active") is False:
        _check_nobody_below(organisation)
    if differing:
        for name, value in differing.items():
            setattr(organisation, name, value)
        organisation.save(update_fields=sorted(differing))
        event = OrganisationChanged(
            organisation_id=organisation.id,
            province=organisation.province,
            fields=",".join(sorted(differing)),
        )
        publish(event, actor=actor, at=at)
    return organisation


def _check_nobody_below(organisation: Organisation) -> None:
    if organisation.children.filter(active=True).exists():
        raise DomainError(
            "该单位下面还有在用的单位，不能停用。",
            code="directory.organisation.has-children",
            do_next="请先停用下级单位。",
        )


@transaction.atomic
def set_regional_cover(*, actor: Actor, centre: Organisation, provinces: Sequence[str], at: datetime) -> None:
    """Say which provinces a regional centre covers from now on. It overlays them; it does not own them."""
    actor.require(MANAGE, centre.id)
    if centre.kind != OrganisationKind.REGIONAL_CENTRE:
        raise Invalid("只有区域中心可以设置覆盖省份。", code="directory.cover.not-a-centre")
    covered = set(RegionalCover.objects.filter(centre=centre).values_list("province_id", flat=True))
    if covered == set(provinces):
        return
    RegionalCover.objects.filter(centre=centre).exclude(province_id__in=provinces).delete()
    added = [RegionalCover(centre=centre, province_id=code) for code in provinces if code not in covered]
    RegionalCover.objects.bulk_create(added)
    event = RegionalCoverSet(organisation_id=centre.id, province=centre.province, provinces=",".join(sorted(provinces)))
    publish(event, actor=actor, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSetting:
    """All in minutes. escalate_minutes: how often a clock climbs one level after its breach."""

    minutes: int
    warn_minutes_before: int
    escalate_minutes: int
    working_time: bool = False
    source: str = "本单位设置"


@transaction.atomic
def set_clock_rule(
    *, actor: Actor, organisation: Organisation, kind: ClockKind, setting: ClockSetting, at: datetime
) -> ClockRule:
    """Set how long clocks of a kind run in an organisation and below. Running clocks keep their deadline."""
    actor.require(MANAGE, organisation.id)
    if not rules.clock_rule_is_sane(setting.minutes, setting.warn_minutes_before, setting.escalate_minutes):
        raise Invalid(
            "时限必须大于零，预警要早于到期，升级间隔必须大于零。",
            code="directory.clock-rule.not-sane",
            do_next="请检查填写的分钟数。",
        )
    rule, _ = ClockRule.objects.update_or_create(
        organisation=organisation,
        kind=kind,
        defaults={name: getattr(setting, name) for name in ClockSetting.__dataclass_fields__},
    )
    event = ClockRuleSet(
        organisation_id=organisation.id,
        province=organisation.province,
        kind=kind,
        minutes=setting.minutes,
        working_time=setting.working_time,
    )
    publish(event, actor=actor, at=at)
    return rule


@transaction.atomic
def forget_clock_rule(*, actor: Actor, organisation: Organisation, kind: ClockKind, at: datetime) -> None:
    """Go back to the rule of the nearest organisation above. Running clocks keep their deadline."""
    actor.require(MANAGE, organisation.id)
    gone, _ = ClockRule.objects.filter(organisation=organisation, kind=kind).delete()
    if gone:
        event = ClockRuleForgotten(organisation_id=organisation.id, province=organisation.province, kind=kind)
        publish(event, actor=actor, at=at)


@transaction.atomic
def set_calendar_day(*, actor: Actor, day: date, works: bool, reason: str, at: datetime) -> None:
    """Declare a day worked or off for the whole country; it wins over the published calendar.

    Only an organisation at the top of the tree may, because the day counts for everyone.
    """
    actor.require(MANAGE)
    if actor.acting_as != "system" and selectors.organisation(actor.organisation_id).parent_id is not None:
        raise DomainError(
            "工作日历全国通用，只能由全国管理员调整。",
            code="directory.calendar.not-national",
            do_next="如本地有特殊安排，请调整本单位的时限设置。",
        )
    CalendarDay.objects.update_or_create(date=day, defaults={"works": works, "reason": reason})
    event = CalendarDaySet(
        organisation_id=actor.organisation_id, province=actor.province, day=day.isoformat(), works=works
    )
    publish(event, actor=actor, at=at)
