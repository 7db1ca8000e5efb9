"""Rules decide whom, when and how; plans keep in touch for years; messages carry a person's own link and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.core import time
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import CaseCategory
from qingting.followups import rules, selectors, services
from qingting.followups.models import FollowUp, LinkMessage, TrackingPlan
from qingting.followups.services import NewPlan, NewRule, Outcome, Rating
from qingting.seekers.models import Seeker, UnmaskReason
from qingting.seekers.services import store_datum

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LINK_FIRST = NewRule(category="PSYCHOLOGY", channel="LINK_FIRST", wait_hours=48, most_attempts=5, on_low="REOPEN")


@pytest.fixture
def rule(leader_here, at):
    psychology = CaseCategory.objects.create(code="PSYCHOLOGY", name="心理")
    CaseCategory.objects.create(code="PSYCHOLOGY_SUICIDE", name="自杀风险", parent=psychology)
    with acting(leader_here.scope):
        return services.add_rule(actor=leader_here, new=LINK_FIRST, at=at)


@pytest.fixture
def known(case, parties, at):
    """Somebody whose telephone is kept."""
    with acting(parties.origin.scope):
        Seeker.objects.create(id=case.seeker_id, organisation_id=case.organisation_id, province="440000", created_at=at)
        store_datum(actor=parties.origin, seeker_id=case.seeker_id, kind="PHONE", value="13800138000", at=at)


def message() -> LinkMessage:
    with acting(EVERYTHING):
        return LinkMessage.objects.select_related("invitation").get()


def again(follow_up) -> FollowUp:
    with acting(EVERYTHING):
        return FollowUp.objects.get(pk=follow_up.pk)


class TestRules:
    def test_the_first_that_fits_counts_and_a_child_category_fits_its_parent(self, rule, follow_up, at):
        assert (follow_up.channel, follow_up.most_attempts) == ("LINK_FIRST", 5)
        assert follow_up.not_before == at + timedelta(hours=48)
        assert follow_up.due_at == at + timedelta(hours=48 + 72)

    def test_without_one_the_usual_holds_and_a_crisis_has_its_own_script(self, follow_up):
        assert (follow_up.channel, follow_up.most_attempts, follow_up.script) == ("PHONE", 3, "CRISIS")

    @pytest.mark.parametrize(
        "odd", [{"channel": "PIGEON"}, {"category": "NONE"}, {"most_attempts": 0}, {"wait_hours": 9999}]
    )
    def test_odd_values_are_refused(self, odd, leader_here, at):
        with acting(leader_here.scope), pytest.raises(Invalid):
            services.add_rule(actor=leader_here, new=NewRule(**odd), at=at)

    def test_only_whoever_arranges_may(self, agent_here, rule, caller, at):
        for who in (agent_here, caller):
            with acting(who.scope), pytest.raises(NotAllowed):
                services.drop_rule(actor=who, rule_id=rule.pk, at=at)

    def test_elsewhere_it_is_none(self, rule, tree, at):
        stranger = tree.person("SHIFT_LEADER", tree.elsewhere_station)
        with acting(stranger.scope), pytest.raises(NotFound):
            services.drop_rule(actor=stranger, rule_id=rule.pk, at=at)

    def test_raising_changes_what_counts(self, rule, leader_here, case, at):
        with acting(leader_here.scope):
            second = services.add_rule(actor=leader_here, new=NewRule(), at=at)
            assert selectors.terms_for(case).pk == rule.pk
            services.raise_rule(actor=leader_here, rule_id=second.pk, at=at)
            assert selectors.terms_for(case).pk == second.pk


class TestTheLinkFirst:
    def test_a_message_waits_with_the_number_sealed_and_the_look_on_record(self, rule, known, follow_up):
        waiting = message()
        assert (waiting.state, waiting.number_tail) == ("WAITING", "8000")
        assert b"13800138000" not in bytes(waiting.number_sealed)
        with acting(EVERYTHING):
            assert UnmaskReason.objects.get().reason_code == "FOLLOW_UP"
            told = Entry.objects.get(name="followups.message-queued")
        assert "138" not in str(told.data)

    def test_nobody_without_a_number_gets_one(self, rule, follow_up):
        with acting(EVERYTHING):
            assert not LinkMessage.objects.exists()

    def test_a_gateway_gets_neutral_words_and_the_number_is_forgotten(
        self, rule, known, follow_up, at, settings, monkeypatch
    ):
        settings.SMS_URL = "json://gateway.example/{number}"
        sent = []

        class Gateway:
            def add(self, address):
                sent.append(address)
                return True

            def notify(self, title, body):
                sent.append(body)
                return True

        monkeypatch.setattr("qingting.core.gateways.apprise.Apprise", Gateway)
        assert services.send_messages(at=at) == 1
        assert services.send_messages(at=at) == 0
        assert sent[0] == "json://gateway.example/13800138000"
        assert "/r/" in sent[1]
        assert "12355" not in sent[1].replace("12355.", "")
        assert (message().state, bytes(message().number_sealed)) == ("SENT", b"")

    def test_a_gateway_that_refuses_is_tried_again_and_given_up(self, rule, known, follow_up, at, settings):
        settings.SMS_URL = "nothing-of-the-sort://{number}"
        for hours in range(5):
            services.send_messages(at=at + timedelta(hours=2 * hours))
        assert (message().state, message().attempts) == ("FAILED", 4)

    def test_without_a_gateway_it_stays_in_the_outbox(self, rule, known, follow_up, at):
        services.send_messages(at=at)
        assert message().state == "KEPT"

    def test_a_good_answer_is_the_follow_up(self, rule, known, follow_up, token, at):
        services.rate(token=token, rating=Rating(5, "YES", "谢谢"), at=at)
        follow_up = again(follow_up)
        assert (follow_up.state, follow_up.means, follow_up.helped) == ("DONE", "LINK", "YES")

    def test_a_bad_answer_never_saves_the_call(self, rule, known, follow_up, token, at):
        services.rate(token=token, rating=Rating(1, "NO", ""), at=at)
        follow_up = again(follow_up)
        assert follow_up.state == "DUE"

    def test_what_was_answered_in_the_meantime_is_not_sent(self, rule, known, follow_up, token, at):
        services.rate(token=token, rating=Rating(5, "YES", ""), at=at)
        services.send_messages(at=at)
        assert message().state == "NOT_NEEDED"


@pytest.fixture
def plan(case, leader_here, caller, at):
    with acting(leader_here.scope):
        new = NewPlan("CLOSE", caller.account_id, "曾有自伤，家人要求长期关心")
        return services.begin_tracking(actor=leader_here, case_id=case.id, new=new, at=at)


def visits() -> list[FollowUp]:
    with acting(EVERYTHING):
        return list(FollowUp.objects.filter(kind="TRACKING").order_by("planned_at"))


class TestTracking:
    def test_contacts_fall_due_by_the_rhythm_and_hold_nothing(self, plan, case, caller, at):
        assert services.make_visits(at=at + timedelta(days=6)) == 0
        assert services.make_visits(at=at + timedelta(days=7)) == 1
        (visit,) = visits()
        assert visit.due_at == at + timedelta(days=14)
        with acting(caller.scope):
            done = Outcome("PHONE", "YES", "最近睡得好，回学校了")
            services.record_follow_up(actor=caller, follow_up_id=visit.pk, outcome=done, at=at + timedelta(days=8))

    def test_after_a_month_away_one_contact_is_due_and_not_four(self, plan, at):
        assert services.make_visits(at=at + timedelta(days=40)) == 1
        assert services.make_visits(at=at + timedelta(days=40)) == 0
        assert len(visits()) == 1

    def test_a_contact_that_still_waits_is_not_doubled(self, plan, at):
        for day in (7, 14, 21):
            services.make_visits(at=at + timedelta(days=day))
        assert len(visits()) == 1

    def test_it_rests_goes_on_is_handed_over_and_ends(self, plan, tree, leader_here, caller, at):
        other = tree.person("FOLLOW_UP_AGENT", tree.station, "文静")
        later = at + timedelta(days=30)
        with acting(leader_here.scope):
            with pytest.raises(Invalid):
                services.pause_tracking(actor=leader_here, plan_id=plan.pk, words=" ", at=at)
            services.pause_tracking(actor=leader_here, plan_id=plan.pk, words="本人住院", at=at)
        assert services.make_visits(at=later) == 0
        with acting(leader_here.scope):
            services.resume_tracking(actor=leader_here, plan_id=plan.pk, at=later)
            services.hand_over_tracking(actor=leader_here, plan_id=plan.pk, account_id=other.account_id, at=later)
        assert services.make_visits(at=later) == 1
        with acting(other.scope):
            ended = services.end_tracking(actor=other, plan_id=plan.pk, words="本人已工作，状态平稳", at=later)
        assert (ended.state, ended.keeper_account_id, ended.next_at) == ("ENDED", other.account_id, None)

    def test_a_colleague_who_does_not_keep_it_may_not_change_it(self, plan, tree, at):
        other = tree.person("FOLLOW_UP_AGENT", tree.station, "文静")
        with acting(other.scope), pytest.raises(NotAllowed):
            services.end_tracking(actor=other, plan_id=plan.pk, words="够了", at=at)

    def test_one_plan_for_a_case(self, plan, case, leader_here, caller, at):
        new = NewPlan("LONG", caller.account_id, "再来一份")
        with acting(leader_here.scope), pytest.raises(DomainError) as refused:
            services.begin_tracking(actor=leader_here, case_id=case.id, new=new, at=at)
        assert refused.value.code == "followups.plan.running"

    def test_the_rhythm_runs_out(self, at):
        days, done = [], 0
        while (due := rules.next_visit("CLOSE", done, at)) is not None:
            days.append((due - at).days)
            done += 1
        assert days == [7] * 4 + [30] * 6 + [91] * 6


@pytest.fixture
def now(monkeypatch, at):
    monkeypatch.setattr(time, "now", lambda: at)


@pytest.fixture
def message_waits(rule, known, follow_up):
    return message()


class TestPages:
    def test_whoever_arranges_keeps_rules_plans_and_messages(self, message_waits, now, browser, leader_here):
        client = browser(leader_here)
        for name in ("rules", "outbox", "plans", "list"):
            assert client.get(reverse(f"followups:{name}")).status_code == 200
        assert client.post(reverse("followups:rules"), {"channel": "PIGEON"}).status_code == 422
        sent = {"channel": "PHONE", "script": "LEGAL", "on_low": "REVIEW", "most_attempts": "4"}
        assert client.post(reverse("followups:rules"), sent).status_code == 302
        assert "法律与权益" in client.get(reverse("followups:rules")).content.decode()

    def test_a_plan_from_the_panel_of_a_case(self, browser, leader_here, caller, case, monkeypatch, at):
        monkeypatch.setattr(time, "now", lambda: at)
        client = browser(leader_here)
        assert "安排长期跟踪" in client.get(reverse("followups:panel", args=[case.id])).content.decode()
        sent = {"rhythm": "LONG", "keeper": str(caller.account_id), "purpose": "多次求助"}
        answer = client.post(reverse("followups:begin", args=[case.id]), sent)
        assert answer.status_code == 302
        with acting(EVERYTHING):
            plan = TrackingPlan.objects.get()
        mine = browser(caller)
        assert "多次求助" in mine.get(reverse("followups:plan", args=[plan.pk])).content.decode()
        assert mine.post(reverse("followups:change", args=[plan.pk, "pause"]), {"words": "出国"}).status_code == 302

    def test_elsewhere_there_is_none(self, browser, plan, tree, monkeypatch, at):
        monkeypatch.setattr(time, "now", lambda: at)
        client = browser(tree.person("FOLLOW_UP_AGENT", tree.elsewhere_station))
        assert client.get(reverse("followups:plan", args=[plan.pk])).status_code == 404
        assert client.post(reverse("followups:change", args=[plan.pk, "resume"])).status_code == 404
