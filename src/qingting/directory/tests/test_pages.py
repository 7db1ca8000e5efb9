"""The administrators' pages about organisations, and what they work by."""

from datetime import date

import pytest

from qingting.core.scope import EVERYTHING, acting
from qingting.directory import reference, services
from qingting.directory.models import CalendarDay, ClockRule, Organisation, RegionalCover
from qingting.directory.states import ClockKind
from qingting.directory.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOME = {"kind": "YOUTH_HOME", "name": "石牌青年之家", "division_code": "440106", "partner_kind": ""}


@pytest.fixture
def administrator(tree):
    return tree.person("ORGANISATION_ADMINISTRATOR", tree.city)


@pytest.fixture
def national(tree):
    return tree.person("SYSTEM_ADMINISTRATOR", tree.nation)


@pytest.fixture
def defaults(tree):
    with acting(EVERYTHING):
        ClockRule.objects.bulk_create(ClockRule(**row) for row in reference.clock_rules())


def test_every_page_says_who_may_call_it():
    assert all(hasattr(pattern.callback, "declared_access") for pattern in urlpatterns)


class TestOrganisations:
    def test_an_administrator_begins_at_home_and_sees_what_is_below(self, browser, administrator, tree):
        answer = browser(administrator).get("/directory/", follow=True)
        assert answer.redirect_chain[0][0] == f"/directory/organisations/{tree.city.id}"
        assert "天河团区委" in answer.content.decode()

    def test_one_elsewhere_looks_like_none(self, browser, administrator, tree):
        client = browser(administrator)
        for place in (tree.other_city, tree.elsewhere, tree.province):
            assert client.get(f"/directory/organisations/{place.id}").status_code == 404
            assert client.post(f"/directory/organisations/{place.id}/add", HOME).status_code == 404

    def test_a_counsellor_has_no_business_here(self, browser, agent_here, tree):
        assert browser(agent_here).get("/directory/", follow=True).status_code == 403

    def test_finding_by_name_or_code_stays_within_reach(self, browser, administrator):
        client = browser(administrator)
        assert "天河团区委" in client.post("/directory/", {"q": "天河"}).content.decode()
        assert "天河团区委" in client.post("/directory/", {"q": "440106"}).content.decode()
        assert "没有找到这样的单位" in client.post("/directory/", {"q": "深圳"}).content.decode()

    def test_adding_one_below_a_county(self, browser, administrator, tree):
        client = browser(administrator)
        answer = client.post(f"/directory/organisations/{tree.county.id}/add", HOME)
        assert answer["Location"] == f"/directory/organisations/{tree.county.id}"
        assert Organisation.objects.get(name=HOME["name"]).path[-2] == tree.county.id

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"division_code": "999999"}, "没有这个行政区划代码"),
            ({"partner_kind": "EDUCATION"}, "联动单位需要选择类别"),
            ({"kind": "PROVINCE"}, "选择一个有效的选项"),
            ({"name": ""}, "这个字段是必填项"),
        ],
    )
    def test_what_does_not_fit_is_said_and_kept(self, browser, administrator, tree, wrong, said):
        answer = browser(administrator).post(f"/directory/organisations/{tree.county.id}/add", {**HOME, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Organisation.objects.filter(kind="YOUTH_HOME").exists()

    def test_its_telephone_changes_and_one_with_others_below_stays_in_use(self, browser, administrator, tree):
        client, place = browser(administrator), f"/directory/organisations/{tree.county.id}"
        names = {"name": tree.county.name, "short_name": "天河团区委", "active": "on"}
        client.post(place, {**names, "phone": "020-38690000"})
        tree.county.refresh_from_db()
        assert tree.county.phone == "020-38690000"
        refused = client.post(f"/directory/organisations/{tree.city.id}", {"name": "广州", "short_name": "广州"})
        assert refused.status_code == 409
        assert "还有在用的单位" in refused.content.decode()
        tree.city.refresh_from_db()
        assert tree.city.active

    def test_the_nation_says_what_a_centre_covers(self, browser, national, tree, at):
        details = services.NewOrganisation(kind="REGIONAL_CENTRE", name="华南区域中心")
        with acting(national.scope):
            centre = services.add_organisation(actor=national, parent=tree.nation, details=details, at=at)
        centred = tree.person("SYSTEM_ADMINISTRATOR", tree.nation, "二号")  # whose reach includes the new one
        client = browser(centred)
        assert "广东省" in client.get(f"/directory/organisations/{centre.id}/cover").content.decode()
        client.post(f"/directory/organisations/{centre.id}/cover/set", {"provinces": ["440000", "450000"]})
        assert set(RegionalCover.objects.values_list("province_id", flat=True)) == {"440000", "450000"}


class TestWorkingRules:
    def test_a_city_sets_its_own_clock_and_goes_back(self, browser, administrator, defaults, tree):
        client = browser(administrator)
        assert "平台默认" in client.get("/directory/clocks").content.decode()
        setting = {"minutes": 20, "warn_minutes_before": 5, "escalate_minutes": 10, "source": "广州市工作规范第三条"}
        assert client.post("/directory/clocks/CRISIS_INTERVENTION", setting).status_code == 302
        assert "20分钟" in client.get("/directory/clocks").content.decode()
        client.post("/directory/clocks/CRISIS_INTERVENTION/forget")
        assert not ClockRule.objects.filter(organisation=tree.city).exists()

    def test_a_clock_that_warns_after_its_end_is_refused(self, browser, administrator, defaults, tree):
        setting = {"minutes": 20, "warn_minutes_before": 30, "escalate_minutes": 10, "source": "规范"}
        client = browser(administrator)
        answer = client.post("/directory/clocks/CONSULTATION", setting)
        assert "预警要早于到期" in answer.content.decode()
        assert not ClockRule.objects.filter(organisation=tree.city).exists()
        assert client.get("/directory/clocks/TEA_BREAK").status_code == 404

    def test_the_calendar_shows_the_state_councils_days_and_only_the_nation_adds_to_them(
        self, browser, administrator, national, tree
    ):
        day, client = {"day": "2026-06-03", "works": "off", "reason": "全国统一安排"}, browser(administrator)
        assert "国务院办公厅" in client.get("/directory/calendar?year=2026").content.decode()
        assert client.post("/directory/calendar", day).status_code == 409
        browser(national).post("/directory/calendar", day)
        assert CalendarDay.objects.get().date == date(2026, 6, 3)

    def test_the_list_in_force_is_shown_with_its_source(self, browser, administrator, at):
        with acting(EVERYTHING):
            services.load_reference_data(at=at)
        words = browser(administrator).get("/directory/lists").content.decode()
        assert "生效中" in words
        assert words.count("<tr><td data-label") == 14 + 9

    def test_categories_stand_in_two_levels(self, browser, administrator, at):
        with acting(EVERYTHING):
            services.load_reference_data(at=at)
        assert "案由" in browser(administrator).get("/directory/categories").content.decode()

    @pytest.mark.parametrize("kind", list(ClockKind))
    def test_every_kind_has_a_page_of_its_own(self, browser, administrator, defaults, kind):
        answer = browser(administrator).get(f"/directory/clocks/{kind}")
        assert kind.label in answer.content.decode()
