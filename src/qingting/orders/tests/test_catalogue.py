"""The dispatch catalogue: what it proposes, to whom, from when; tried out before it counts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.contacts.models import Contact
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import CaseCategory
from qingting.orders import rules, selectors, services
from qingting.orders.models import CatalogueLine
from qingting.orders.rules import Matter
from qingting.orders.services import NewLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(tree):
    return tree.person("ORGANISATION_ADMINISTRATOR", tree.province, "管理员")


@pytest.fixture
def categories(db):
    first, _ = CaseCategory.objects.get_or_create(code="PSYCHOLOGY", defaults={"name": "心理"})
    CaseCategory.objects.get_or_create(code="PSYCHOLOGY_SUICIDE", defaults={"name": "自杀", "parent": first})


@pytest.fixture
def catalogue(administrator, categories, at):
    """`catalogue(*lines)`: an active one of the province with these lines, counting from now."""

    def make(*lines, active_from=at):
        with acting(administrator.scope):
            made = services.make_catalogue(actor=administrator, name="2026年目录", at=at)
            for copied in selectors.lines_of(made):
                services.drop_line(actor=administrator, catalogue_id=made.pk, line_id=copied.pk, at=at)
            for line in lines:
                services.add_line(actor=administrator, catalogue_id=made.pk, new=line, at=at)
            return services.activate_catalogue(
                actor=administrator, catalogue_id=made.pk, active_from=active_from, at=at
            )

    return make


def terms(case, at, kind="CRISIS", urgency="CRITICAL"):
    with acting(EVERYTHING):
        return selectors.terms_for(case, kind=kind, urgency=urgency, division=case.division, at=at)


class TestWhatItProposes:
    @pytest.mark.parametrize(("rule", "place"), [("COUNTY", "county"), ("CITY", "city"), ("PROVINCE", "province")])
    def test_the_county_the_city_as_hub_or_the_province(self, rule, place, catalogue, case, tree, at):
        catalogue(NewLine(rule, category="PSYCHOLOGY"))
        assert terms(case, at).handler.pk == getattr(tree, place).id

    def test_somebody_named(self, catalogue, case, tree, at):
        catalogue(NewLine("FIXED", handler_organisation_id=tree.other_city.id))
        assert terms(case, at).handler.pk == tree.other_city.id

    def test_the_first_line_from_the_top_that_fits(self, catalogue, case, tree, at):
        catalogue(NewLine("PROVINCE", division="440300"), NewLine("CITY", urgency="CRITICAL"), NewLine("COUNTY"))
        assert terms(case, at).handler.pk == tree.city.id
        assert terms(case, at, urgency="ROUTINE").handler.pk == tree.county.id

    def test_nothing_where_no_line_fits(self, catalogue, case, at):
        catalogue(NewLine("CITY", kind="LEGAL"))
        assert terms(case, at) == selectors.Terms()

    def test_it_counts_from_its_date(self, catalogue, case, tree, at):
        catalogue(NewLine("COUNTY"))
        catalogue(NewLine("CITY"), active_from=at + timedelta(days=3))
        assert terms(case, at).handler.pk == tree.county.id
        assert terms(case, at + timedelta(days=3)).handler.pk == tree.city.id

    def test_a_city_line_on_its_own_follows_its_own(self, catalogue, tree, categories, at):
        catalogue(NewLine("COUNTY"))
        city = tree.person("ORGANISATION_ADMINISTRATOR", tree.city, "市管理员")
        with acting(city.scope):
            own = services.make_catalogue(actor=city, name="广州线", at=at)
            services.add_line(actor=city, catalogue_id=own.pk, new=NewLine("CITY"), at=at)
            services.activate_catalogue(actor=city, catalogue_id=own.pk, active_from=at, at=at)
        assert selectors.current_catalogue(tree.county.id, at=at).pk == own.pk
        assert selectors.current_catalogue(tree.station.id, at=at).pk != own.pk


class TestDeadlines:
    def test_an_order_runs_against_the_times_of_its_line(self, catalogue, order_in, parties, at):
        catalogue(NewLine("COUNTY", accept_minutes=15, work_minutes=600))
        order = order_in("DISPATCHED")
        assert order.due_at == at + timedelta(minutes=15)
        parties.do("accept", order)
        with acting(EVERYTHING):
            due = dict(Clock.objects.filter(subject_id=order.pk, met_at=None).values_list("kind", "due_at"))
        assert due["CONSULTATION"] == at + timedelta(minutes=600)
        assert due["CRISIS_INTERVENTION"] == at + timedelta(minutes=30)

    def test_in_working_time_a_night_does_not_count(self, catalogue, order_in, at):
        catalogue(NewLine("COUNTY", accept_minutes=9 * 60, working_time=True))
        assert order_in("DISPATCHED").due_at == at + timedelta(hours=24)


class TestMakingOne:
    def test_once_active_it_stays_as_it_is_and_the_next_begins_with_its_lines(self, catalogue, administrator, at):
        active = catalogue(NewLine("CITY"))
        with acting(administrator.scope):
            with pytest.raises(DomainError) as refused:
                services.add_line(actor=administrator, catalogue_id=active.pk, new=NewLine("COUNTY"), at=at)
            assert refused.value.code == "orders.catalogue.active"
            fresh = services.make_catalogue(actor=administrator, name="下一份", at=at)
            assert [line.rule for line in selectors.lines_of(fresh)] == ["CITY"]

    @pytest.mark.parametrize(
        "wrong",
        [NewLine("NOBODY"), NewLine("CITY", kind="X"), NewLine("CITY", category="X"), NewLine("CITY", work_minutes=-1)],
    )
    def test_nonsense_is_refused(self, wrong, catalogue):
        with pytest.raises(Invalid):
            catalogue(wrong)

    def test_partners_are_no_handlers(self, catalogue, tree):
        with pytest.raises(Invalid):
            catalogue(NewLine("FIXED", handler_organisation_id=tree.police.id))

    def test_an_empty_one_is_not_activated(self, catalogue):
        with pytest.raises(Invalid):
            catalogue()

    def test_lines_move_up(self, administrator, categories, at):
        with acting(administrator.scope):
            made = services.make_catalogue(actor=administrator, name="顺序", at=at)
            for rule in ("COUNTY", "CITY"):
                last = services.add_line(actor=administrator, catalogue_id=made.pk, new=NewLine(rule), at=at)
            services.raise_line(actor=administrator, catalogue_id=made.pk, line_id=last.pk, at=at)
            assert [line.rule for line in selectors.lines_of(made)] == ["CITY", "COUNTY"]

    def test_only_who_may(self, agent_here, at):
        with acting(agent_here.scope), pytest.raises(NotAllowed):
            services.make_catalogue(actor=agent_here, name="不该有", at=at)

    def test_elsewhere_there_is_none(self, catalogue, tree):
        stranger = tree.person("ORGANISATION_ADMINISTRATOR", tree.elsewhere, "外省")
        with acting(stranger.scope), pytest.raises(NotFound):
            selectors.catalogue_of(stranger, catalogue(NewLine("CITY")).pk)


class TestTrial:
    def test_last_months_contacts_say_where_they_would_go(self, administrator, categories, contact, tree, at):
        with acting(EVERYTHING):
            Contact.objects.update(category="PSYCHOLOGY_SUICIDE", risk_level="URGENT")
        with acting(administrator.scope):
            made = services.make_catalogue(actor=administrator, name="试", at=at)
            for line in (NewLine("COUNTY", urgency="CRITICAL"), NewLine("CITY")):
                services.add_line(actor=administrator, catalogue_id=made.pk, new=line, at=at)
            trial = selectors.tried(administrator, made, at=at)
        assert (trial.total, trial.hits, trial.unmatched, trial.moved) == (1, [0, 1], 0, 1)
        assert trial.handlers == [("广州团市委", 1)]


class TestPages:
    def test_an_administrator_makes_tries_and_activates_one(self, browser, administrator, categories, contact):
        client = browser(administrator)
        page = client.post(reverse("orders:catalogues"), {"name": "今年"})["Location"]
        assert client.post(f"{page}lines", {"rule": "FIXED"}).status_code == 422
        client.post(f"{page}lines", {"rule": "CITY", "urgency": "URGENT", "work_minutes": "600"})
        assert "600分钟" in client.get(page).content.decode()
        assert "试算结果" in client.post(f"{page}try").content.decode()
        client.post(f"{page}activate", {"active_from": "2099-01-01"})
        assert "2099年1月1日" in client.get(page).content.decode()

    def test_the_panel_proposes_what_the_catalogue_says(self, browser, catalogue, parties, case, tree):
        catalogue(NewLine("FIXED", handler_organisation_id=tree.other_city.id))
        words = browser(parties.origin).get(reverse("orders:draft-panel", args=[case.id])).content.decode()
        assert words.index("按派单目录") < words.index("深圳团市委") < words.index("按所在地推荐")


def test_a_line_that_names_a_kind_waits_until_it_is_known():
    lines = [CatalogueLine(kind="LEGAL", rule="CITY"), CatalogueLine(rule="COUNTY")]
    assert rules.first_fitting(lines, Matter(("LEGAL",), ("440106",))).rule == "COUNTY"
    assert rules.first_fitting(lines, Matter(("LEGAL",), ("440106",), "LEGAL")).rule == "CITY"
