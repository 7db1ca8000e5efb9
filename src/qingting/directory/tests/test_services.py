"""Changing the directory: within one's reach, sane, told to the journal; and what the selectors make of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.directory import selectors, services
from qingting.directory.models import Organisation, RegionalCover
from qingting.directory.services import ClockSetting, NewOrganisation
from qingting.directory.states import ClockKind, OrganisationKind, PartnerKind

pytestmark = pytest.mark.django_db
HOME = NewOrganisation(kind=OrganisationKind.YOUTH_HOME, name="石牌青年之家", division_code="440106")


@pytest.fixture
def administrator(tree, everything):
    return tree.person("ORGANISATION_ADMINISTRATOR", tree.city)


@pytest.fixture
def national(tree, everything):
    return tree.person("SYSTEM_ADMINISTRATOR", tree.nation)


def told() -> list[str]:
    names = Entry.objects.filter(name__startswith="directory.").order_by("id")
    return list(names.values_list("name", flat=True))


def test_an_organisation_is_added_below_another(administrator, tree, at):
    home = services.add_organisation(actor=administrator, parent=tree.county, details=HOME, at=at)
    assert home.path == [*tree.county.path, home.id]
    assert home.province == "440000"
    assert home.id in selectors.subtree_ids(tree.city.id)
    assert told() == ["directory.organisation-added"]


def test_not_below_one_out_of_reach(administrator, tree, at):
    with pytest.raises(NotAllowed):
        services.add_organisation(actor=administrator, parent=tree.other_city, details=HOME, at=at)


def test_nor_without_the_permission(leader_here, tree, at, everything):
    with pytest.raises(NotAllowed):
        services.add_organisation(actor=leader_here, parent=tree.station, details=HOME, at=at)


@pytest.mark.parametrize(
    "details",
    [
        NewOrganisation(kind=OrganisationKind.PROVINCE, name="又一个省"),
        NewOrganisation(kind=OrganisationKind.PARTNER, name="没有类别的联动单位"),
        NewOrganisation(kind=OrganisationKind.SCHOOL, name="学校", partner_kind=PartnerKind.EDUCATION),
    ],
)
def test_nor_where_it_does_not_belong(administrator, tree, at, details):
    with pytest.raises(Invalid):
        services.add_organisation(actor=administrator, parent=tree.city, details=details, at=at)


def test_only_the_platform_adds_a_nation(national, at):
    details = NewOrganisation(kind=OrganisationKind.NATION, name="又一个")
    with pytest.raises(NotAllowed):
        services.add_organisation(actor=national, parent=None, details=details, at=at)


def test_changes_are_told_by_the_names_of_their_fields(administrator, tree, at):
    changes = {"phone": "020-12345678", "name": tree.county.name}
    services.change_organisation(actor=administrator, organisation=tree.county, changes=changes, at=at)
    assert Organisation.objects.get(pk=tree.county.pk).phone == "020-12345678"
    assert Entry.objects.get(name="directory.organisation-changed").data == {"fields": "phone"}


def test_one_with_others_below_it_stays_in_use(administrator, tree, at):
    with pytest.raises(DomainError):
        services.change_organisation(actor=administrator, organisation=tree.city, changes={"active": False}, at=at)


def test_a_clock_rule_holds_for_the_organisation_and_below(administrator, tree, at):
    services.load_reference_data(at=at)
    setting = ClockSetting(minutes=60, warn_minutes_before=15, escalate_minutes=30)
    services.set_clock_rule(
        actor=administrator, organisation=tree.city, kind=ClockKind.CONSULTATION, setting=setting, at=at
    )
    spans = {
        organisation.short_name: selectors.clock_span(organisation.id, ClockKind.CONSULTATION, start=at)
        for organisation in (tree.county, tree.other_city)
    }
    assert spans["天河团区委"].due_at == at + timedelta(minutes=60)
    assert spans["天河团区委"].warn_at == at + timedelta(minutes=45)
    assert spans["深圳团市委"].due_at == at + timedelta(hours=24)


def test_a_working_time_rule_waits_over_the_holiday(administrator, tree, at):
    setting = ClockSetting(minutes=120, warn_minutes_before=30, escalate_minutes=60, working_time=True)
    rule = {"actor": administrator, "organisation": tree.city, "kind": ClockKind.ORDER_ACCEPTANCE}
    services.set_clock_rule(**rule, setting=setting, at=at)
    late = at + timedelta(hours=5)  # 17:00 in Beijing
    span = selectors.clock_span(tree.city.id, ClockKind.ORDER_ACCEPTANCE, start=late)
    assert span.due_at == late + timedelta(hours=17)  # 10:00 the next day


@pytest.mark.parametrize(("minutes", "before", "escalate"), [(0, 0, 5), (30, 30, 5), (30, -1, 5), (30, 5, 0)])
def test_a_rule_that_makes_no_sense_is_refused(administrator, tree, at, minutes, before, escalate):
    setting = ClockSetting(minutes=minutes, warn_minutes_before=before, escalate_minutes=escalate)
    with pytest.raises(Invalid):
        services.set_clock_rule(
            actor=administrator, organisation=tree.city, kind=ClockKind.FOLLOW_UP, setting=setting, at=at
        )


def test_without_any_rule_it_says_what_to_do(tree, at):
    with pytest.raises(DomainError, match="时限"):
        selectors.clock_span(tree.city.id, ClockKind.FOLLOW_UP, start=at)


def test_a_day_is_declared_by_the_nation_only(national, administrator, at):
    day = {"day": date(2026, 3, 5), "works": False, "reason": "临时放假"}
    with pytest.raises(DomainError):
        services.set_calendar_day(actor=administrator, at=at, **day)
    services.set_calendar_day(actor=national, at=at, **day)
    assert not selectors.working_days_around(at)(date(2026, 3, 5))


def test_a_regional_centre_covers_provinces_it_does_not_own(national, tree, at):
    details = NewOrganisation(kind=OrganisationKind.REGIONAL_CENTRE, name="华南区域中心")
    centre = services.add_organisation(actor=national, parent=tree.nation, details=details, at=at)
    now_reaching_it = replace(national, scope=national.scope.widened([centre.id]))
    for provinces in (["440000", "450000"], ["450000"], ["450000"]):
        services.set_regional_cover(actor=now_reaching_it, centre=centre, provinces=provinces, at=at)
    assert [cover.province_id for cover in RegionalCover.objects.all()] == ["450000"]
    assert told().count("directory.regional-cover-set") == 2
    assert selectors.subtree_ids(centre.id) == {centre.id}


def test_handlers_of_a_division_come_nearest_first(tree):
    names = [handler.short_name for handler in selectors.handlers_for("440106")]
    assert names == ["天河团区委", "广州团市委", "广东团省委"]


def test_partners_are_found_by_kind_and_province(tree):
    assert selectors.partner(PartnerKind.POLICE_110, "440000") == tree.police
    with pytest.raises(NotFound):
        selectors.partner(PartnerKind.POLICE_110, "450000")


def test_a_clock_climbs_to_the_nation_and_stays_there(tree):
    climbed = [selectors.ancestor_at(tree.county.id, level) for level in range(6)]
    line = [tree.county.id, tree.city.id, tree.province.id, tree.nation.id]
    assert climbed == [*line, tree.nation.id, tree.nation.id]


def test_a_province_without_a_list_is_told_to_telephone(tree, at):
    with pytest.raises(DomainError, match="清单") as caught:
        selectors.current_linkage_list("450000", on=at)
    assert "电话" in caught.value.do_next
