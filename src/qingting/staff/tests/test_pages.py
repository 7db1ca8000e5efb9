"""The pages, as a browser meets them."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.staff.models import Account, Post, Session
from qingting.staff.tests.conftest import PASSWORD, code_of, equip, sign_in
from qingting.staff.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_page_says_who_may_call_it():
    assert all(hasattr(pattern.callback, "declared_access") for pattern in urlpatterns)


def test_both_steps_lead_to_where_one_was_going(browser, colleague, clock):
    first = browser.get("/account/notices")
    assert first["Location"] == "/account/sign-in?next=/account/notices"
    second = browser.post(first["Location"], {"username": colleague.username, "password": PASSWORD})
    assert second["Location"] == "/account/second-factor?next=%2Faccount%2Fnotices"
    third = browser.post(second["Location"], {"code": code_of(colleague, clock.at)})
    assert third["Location"] == "/account/notices"
    assert browser.get("/account/notices").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"])
def test_no_other_site_is_led_to(browser, colleague, clock, target):
    answer = browser.post("/account/sign-in", {"username": colleague.username, "password": PASSWORD, "next": target})
    assert answer["Location"] == "/account/second-factor"


def test_a_password_alone_shows_no_page(browser, colleague, clock):
    browser.post("/account/sign-in", {"username": colleague.username, "password": PASSWORD})
    assert browser.get("/account/")["Location"].startswith("/account/sign-in")
    assert browser.get("/account/password")["Location"] == "/account/second-factor"
    assert browser.get("/account/posts")["Location"] == "/account/second-factor"


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser, colleague, clock, settings):
    settings.SECURE_COOKIES = True
    browser.post("/account/sign-in", {"username": colleague.username, "password": PASSWORD})
    cookie = browser.cookies[settings.SESSION_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)


def test_failures_count_although_the_page_is_refused(browser, colleague, clock):
    for _ in range(5):
        answer = browser.post("/account/sign-in", {"username": colleague.username, "password": "wrong"})
        assert answer.status_code == 403
        assert "用户名或密码不正确" in answer.content.decode()
    colleague.refresh_from_db()
    assert colleague.failed_attempts == 5
    assert colleague.locked_until == clock.at + timedelta(minutes=1)
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="staff.sign-in-failed").count() == 5


def test_the_demonstration_shows_the_code_of_demo_accounts_only(browser, colleague, clock, settings):
    def page():
        browser.post("/account/sign-in", {"username": colleague.username, "password": PASSWORD})
        return browser.get("/account/second-factor").content.decode()

    code = code_of(colleague, clock.at)
    assert code not in page()
    Account.objects.update(is_demo=True)
    assert code in page()
    settings.MODE = "production"
    assert code not in page()


class TestSomebodyNew:
    @pytest.fixture
    def newcomer(self, browser, colleague, clock):
        Account.objects.update(totp_secret=None, totp_confirmed_at=None, must_change_password=True)
        browser.post("/account/sign-in", {"username": colleague.username, "password": PASSWORD})
        return browser

    def test_they_enrol_see_their_codes_once_and_change_the_password(self, newcomer, colleague, clock):
        page = newcomer.get("/account/second-factor", follow=True)
        assert "data:image/svg+xml" in page.content.decode()
        codes = newcomer.post("/account/enrol", {"code": code_of(colleague, clock.at)})
        assert codes.content.decode().count("<li><code>") == 10
        assert newcomer.get("/account/enrol")["Location"] == "/account/password"
        new = "晚风 橘子 灯塔 旧书 河"
        answer = newcomer.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
        assert newcomer.get(answer["Location"]).status_code == 200

    def test_they_reach_no_page_before(self, newcomer, colleague, clock):
        newcomer.get("/account/enrol")
        newcomer.post("/account/enrol", {"code": code_of(colleague, clock.at)})
        assert newcomer.get("/account/").status_code == 302

    def test_two_different_new_passwords_are_noticed(self, newcomer, colleague, clock):
        newcomer.get("/account/enrol")
        newcomer.post("/account/enrol", {"code": code_of(colleague, clock.at)})
        answer = newcomer.post("/account/password", {"old": PASSWORD, "new": "a" * 12, "again": "b" * 12})
        assert "不一致" in answer.content.decode()


class TestPosts:
    @pytest.fixture
    def busy(self, browser, colleague, tree, clock):
        Post.objects.create(account=colleague, organisation=tree.city, role="REVIEWER", valid_from=clock.at)
        self.first = sign_in(browser, colleague, clock.at)
        return browser

    def test_who_has_several_chooses_one_and_may_switch(self, busy, colleague, tree):
        assert self.first["Location"] == "/account/posts"
        assert "广州团市委" in busy.get("/account/posts").content.decode()
        busy.post("/account/posts", {"organisation": tree.city.id})
        assert busy.get("/account/").status_code == 200
        busy.post("/account/posts/switch", {"organisation": tree.station.id})
        live = Session.objects.get(account=colleague, revoked_at=None)
        assert live.organisation == tree.station

    def test_a_post_not_held_is_refused(self, busy, tree):
        answer = busy.post("/account/posts", {"organisation": tree.elsewhere.id})
        assert answer.status_code == 403

    def test_when_the_post_ends_one_chooses_again(self, busy, tree, clock):
        busy.post("/account/posts", {"organisation": tree.city.id})
        clock.pass_(minutes=5)
        Post.objects.filter(organisation=tree.city).update(valid_to=clock.at)
        answer = busy.get("/account/", follow=True)
        assert answer.redirect_chain[-1][0].startswith("/account/posts")


class TestOwnAccount:
    def test_it_shows_where_one_is_signed_in(self, signed_in):
        page = signed_in.get("/account/").content.decode()
        assert "Windows · Edge" in page
        assert "本机" in page

    def test_other_devices_can_be_signed_out(self, signed_in, colleague, clock):
        clock.pass_(seconds=30)
        phone = Client(headers={"user-agent": "iPhone MicroMessenger"})
        sign_in(phone, colleague, clock.at)
        assert phone.get("/account/").status_code == 200
        signed_in.post("/account/sessions/revoke-others")
        assert phone.get("/account/").status_code == 302
        assert signed_in.get("/account/").status_code == 200

    def test_fresh_recovery_codes_ask_for_the_password(self, signed_in):
        refused = signed_in.post("/account/recovery-codes", {"password": "wrong"})
        assert refused.status_code == 403
        given = signed_in.post("/account/recovery-codes", {"password": PASSWORD})
        assert given.content.decode().count("<li><code>") == 10

    def test_signing_out_forgets_the_cookie(self, signed_in):
        signed_in.post("/account/sign-out")
        assert signed_in.cookies[settings.SESSION_COOKIE].value == ""
        assert signed_in.get("/account/").status_code == 302

    def test_it_is_idle_out(self, signed_in, clock):
        clock.pass_(hours=5)
        assert signed_in.get("/account/").status_code == 302


class TestAdministration:
    @pytest.fixture
    def administrator(self, browser, tree, clock):
        actor = tree.person("ORGANISATION_ADMINISTRATOR", tree.province, "谢雨桐")
        sign_in(browser, equip(Account.objects.get(pk=actor.account_id), at=clock.at), clock.at)
        return browser

    @pytest.fixture
    def entered(self, tree) -> dict[str, str]:
        return {
            "username": "he.jiamin",
            "display_name": "何嘉敏",
            "organisation": str(tree.county.id),
            "role": "ORDER_HANDLER",
        }

    def test_somebody_is_added_and_the_password_shown_once(self, administrator, entered):
        page = administrator.post("/account/people/add", entered).content.decode()
        account = Account.objects.get(username="he.jiamin")
        shown = page.split('class="temporary-password">')[1].split("<")[0]
        assert account.check_password(shown)
        assert shown not in administrator.get(f"/account/people/{account.id}").content.decode()

    def test_an_organisation_elsewhere_is_no_choice(self, administrator, entered, tree):
        answer = administrator.post("/account/people/add", {**entered, "organisation": tree.elsewhere.id})
        assert answer.status_code == 200
        assert not Account.objects.filter(username="he.jiamin").exists()

    def test_people_of_one_s_own_are_listed_and_found(self, administrator, agent_here, agent_elsewhere):
        page = administrator.get("/account/people").content.decode()
        assert "李岚" in page
        assert "韦青" not in page
        assert "李岚" not in administrator.post("/account/people", {"q": "周"}).content.decode()

    def test_an_account_elsewhere_is_not_found(self, administrator, agent_elsewhere):
        path = f"/account/people/{agent_elsewhere.account_id}"
        assert administrator.get(path).status_code == 404
        for act in ("reset-second-factor", "reset-password", "deactivate", "activate"):
            assert administrator.post(f"{path}/{act}").status_code == 404
        post = Post.objects.get(account_id=agent_elsewhere.account_id)
        assert administrator.post(f"/account/posts/{post.id}/end").status_code == 404

    def test_posts_are_given_and_ended(self, administrator, agent_here, tree, clock):
        path = f"/account/people/{agent_here.account_id}"
        new = {"organisation": tree.city.id, "role": "REVIEWER", "valid_to": "2026-03-31"}
        assert administrator.post(path, new).status_code == 302
        post = Post.objects.get(account_id=agent_here.account_id, organisation=tree.city)
        assert post.valid_to.isoformat() == "2026-03-31T16:00:00+00:00"
        clock.pass_(minutes=1)
        administrator.post(f"/account/posts/{post.id}/end")
        post.refresh_from_db()
        assert post.valid_to == clock.at

    def test_deactivating_signs_out_at_once(self, administrator, colleague, clock):
        other = Client()
        sign_in(other, colleague, clock.at)
        administrator.post(f"/account/people/{colleague.id}/deactivate")
        assert other.get("/account/").status_code == 302

    def test_a_counsellor_administers_nothing(self, signed_in):
        for path in ("/account/people", "/account/people/add", "/account/people/1"):
            assert signed_in.get(path).status_code == 403

    def test_the_list_asks_the_database_a_fixed_number_of_times(
        self, administrator, tree, django_assert_max_num_queries
    ):
        for number in range(12):
            tree.person("ORDER_HANDLER", tree.county, str(number))
        with django_assert_max_num_queries(25):
            administrator.get("/account/people")


def test_notices_are_read_on_their_page(browser, tree, clock):
    from qingting.staff.services import News, notify_holders

    leader = tree.person("SHIFT_LEADER", tree.station)
    sign_in(browser, equip(Account.objects.get(pk=leader.account_id), at=clock.at), clock.at)
    news = News(kind="core.clock-warned:FOLLOW_UP", subject=("case", 7), urgency="URGENT")
    notify_holders(organisation_id=tree.station.id, permission="duty.lead", news=news, at=clock.at)
    assert "“回访”时限即将到期" in browser.get("/account/notices").content.decode()
    browser.post("/account/notices/read")
    assert "全部标为已读" not in browser.get("/account/notices").content.decode()
