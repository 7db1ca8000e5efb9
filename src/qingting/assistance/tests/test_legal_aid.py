"""A lawyer is named, what they did is counted by the local rate, another person reviews the report, then it is paid."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from qingting.assistance import rules, selectors, services
from qingting.assistance.models import ClosingReport, Lawyer, LegalService, SubsidyRate
from qingting.assistance.selectors import ReportWords
from qingting.assistance.services import Application, Grant, NewLawyer, NewRate, NewService, Payment
from qingting.cases.selectors import timeline
from qingting.core.crypto import add_key, key_version, keyring
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local

pytestmark = pytest.mark.slow
WORDS = ReportWords("被拖欠工资三个月", "调解后付清", "钱拿到了，谢谢律师", "调解书一份，交本人")
SET = datetime(2026, 1, 1, tzinfo=UTC)


BASE = rules.Rate(1, 0, "DRAFTING", "PIECE", 100, date(2026, 1, 1), SET)
MARCH = replace(BASE, id=2, valid_from=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        ([], None),
        ([replace(BASE, valid_from=date(2026, 6, 1))], None),
        ([replace(BASE, unit="DAY")], None),
        ([BASE, MARCH, replace(BASE, id=3, valid_from=date(2026, 4, 2))], 2),
        ([BASE, replace(MARCH, level=1)], 1),
        ([BASE, replace(BASE, id=2, set_at=SET + timedelta(days=1))], 2),
    ],
    ids=["none", "not yet", "other unit", "latest that began", "nearest house", "correction"],
)
def test_the_rate_of_the_day_counts(rates, found):
    chosen = rules.rate_for(rates, ("DRAFTING", "PIECE"), date(2026, 4, 1))
    assert (chosen.id if chosen else None) == found


@pytest.mark.parametrize(("fen", "hundredths", "due"), [(50_000, 100, 50_000), (33_333, 50, 16_667), (1, 49, 0)])
def test_money_is_rounded_to_the_fen(fen, hundredths, due):
    assert rules.subsidy(fen, hundredths) == due


@pytest.mark.parametrize(("typed", "hundredths"), [("2", 200), ("0.5", 50), ("0", None), ("-1", None), ("1.005", None)])
def test_counts_are_read_whole_or_not_at_all(typed, hundredths):
    assert rules.hundredths_from(typed) == hundredths


@pytest.mark.parametrize(("typed", "minutes"), [("3.5", 210), ("12", 720), ("0", None), ("1.25", None)])
def test_hours_are_read_and_written_alike(typed, minutes):
    assert rules.minutes_from(typed) == minutes
    assert minutes is None or rules.hours_words(minutes) == typed


@pytest.fixture
def aid(agent_here, leader_here, decider, case, tree, at):
    """Legal aid of 2,000 yuan, approved."""
    with acting(agent_here.scope):
        row = services.apply(
            actor=agent_here, case_id=case.pk, new=Application("LEGAL_AID", 200_000, "打工被拖欠工资"), at=at
        )
    with acting(leader_here.scope):
        services.check(actor=leader_here, application_id=row.pk, words="属实", at=at)
    with acting(decider.scope):
        grant = Grant(200_000, "法律援助经费", tree.county.pk, "同意援助")
        return services.approve(actor=decider, application_id=row.pk, grant=grant, at=at)


@pytest.fixture
def administrator(tree):
    """Whoever administers the province, above the station."""
    return tree.person("ORGANISATION_ADMINISTRATOR", tree.province, "管理员")


@pytest.fixture
def rated(administrator, at):
    """500 yuan for a text, 333.33 for a day in court."""
    with acting(administrator.scope):
        for service, unit, fen in (("DRAFTING", "PIECE", 50_000), ("LITIGATION", "DAY", 33_333)):
            new = NewRate(service, unit, fen, date(2026, 1, 1), "省法律援助补贴办法第八条")
            services.set_rate(actor=administrator, new=new, at=at)


def enrolled(leader, at, number="14401", name="许律师"):
    with acting(leader.scope):
        new = NewLawyer(name, number, "天河律师事务所", "020-8888 0000")
        return services.enrol_lawyer(actor=leader, new=new, at=at)


@pytest.fixture
def lawyer(leader_here, at):
    return enrolled(leader_here, at)


def assigned(leader, aid, lawyer, at, words=""):
    with acting(leader.scope):
        return services.assign_lawyer(actor=leader, application_id=aid.pk, lawyer_id=lawyer.pk, words=words, at=at)


def noted(agent, aid, at, **other):
    given = {"service": "DRAFTING", "unit": "PIECE", "hundredths": 100, "on": local(at).date(), "words": "写起诉状"}
    with acting(agent.scope):
        return services.note_service(actor=agent, application_id=aid.pk, new=NewService(**given | other), at=at)


def submitted(agent, aid, at, words=WORDS, minutes=210):
    with acting(agent.scope):
        return services.submit_report(actor=agent, application_id=aid.pk, words=words, minutes=minutes, at=at)


def accepted(leader, aid, at):
    with acting(leader.scope):
        return services.accept_report(actor=leader, application_id=aid.pk, words="与卷宗一致", at=at)


def paid(actor, aid, fen, at, reason=""):
    with acting(actor.scope):
        payment = Payment(fen, f"L-{fen}", "转给律师事务所", reason)
        return services.pay(actor=actor, application_id=aid.pk, payment=payment, at=at)


@pytest.fixture
def working(aid, leader_here, agent_here, lawyer, rated, at):
    """A text and half a day in court by the lawyer: 500 and 166.67 yuan."""
    assigned(leader_here, aid, lawyer, at)
    noted(agent_here, aid, at)
    noted(agent_here, aid, at, service="LITIGATION", unit="DAY", hundredths=50, words="出庭半天")
    return aid


def test_from_the_lawyer_to_the_subsidy(working, agent_here, leader_here, decider, case, at):
    with acting(leader_here.scope):
        assert selectors.lawyer_on(working).name == "许律师"
        lines = selectors.calculation_of(working)
    assert [line.fen for line in lines.lines] == [50_000, 16_667]
    submitted(agent_here, working, at)
    assert accepted(leader_here, working, at).calculated_fen == 66_667
    paid(decider, working, 66_667, at)
    with acting(decider.scope):
        services.close(actor=decider, application_id=working.pk, words="已结清", at=at)
    with acting(EVERYTHING):
        told = [line.what for line in timeline(agent_here, case.pk)]
        kept = str(list(Entry.objects.filter(case_id=case.pk).values_list("data", "ids")))
    assert "法律援助指派律师" in told
    assert "法律援助结案报告审核通过，补贴测算666.67元" in told
    assert not any(word in kept for word in ("许律师", "拖欠", "起诉状", "14401"))


def test_nothing_is_paid_or_closed_before_the_report_is_reviewed(working, agent_here, decider, at):
    submitted(agent_here, working, at)
    with pytest.raises(DomainError) as refusal:
        paid(decider, working, 66_667, at)
    assert refusal.value.code == "assistance.report-missing"
    with acting(decider.scope), pytest.raises(DomainError) as refusal:
        services.close(actor=decider, application_id=working.pk, words="结了", at=at)
    assert refusal.value.code == "assistance.report-missing"


def test_another_amount_needs_a_reason_and_the_grant_still_bounds_it(working, agent_here, leader_here, decider, at):
    submitted(agent_here, working, at)
    accepted(leader_here, working, at)
    for fen, reason, code in ((60_000, "", "differs"), (200_001, "多付一些路费", "beyond-grant")):
        with pytest.raises(DomainError) as refusal:
            paid(decider, working, fen, at, reason)
        assert refusal.value.code == f"assistance.{code}"
    paid(decider, working, 60_000, at, "律所自愿减免")
    with acting(decider.scope):
        assert "律所自愿减免" in [one.text for one in selectors.notes_of(working)]
    paid(decider, working, 6_667, at)


def test_who_wrote_the_report_neither_reviews_it_nor_pays_by_it(working, agent_here, leader_here, decider, tree, at):
    cadre = tree.person("DUTY_CADRE", tree.station, "钱干部")
    noted(cadre, working, at)
    submitted(agent_here, working, at)
    with pytest.raises(NotAllowed) as refusal:
        accepted(cadre, working, at)
    assert refusal.value.code == "assistance.report-author"
    accepted(leader_here, working, at)
    with pytest.raises(NotAllowed) as refusal:
        paid(cadre, working, 116_667, at)
    assert refusal.value.code == "assistance.report-author"


def test_the_database_itself_wants_another_reviewer(working, agent_here, at):
    report = submitted(agent_here, working, at)
    wrong = {"state": "ACCEPTED", "calculated_fen": 1, "reviewed_by_account_id": agent_here.account_id}
    with acting(EVERYTHING), pytest.raises(DatabaseError), transaction.atomic():
        ClosingReport.objects.filter(pk=report.pk).update(**wrong)


def test_a_returned_report_is_mended_and_an_accepted_one_is_fixed(working, agent_here, leader_here, administrator, at):
    submitted(agent_here, working, at)
    with pytest.raises(DomainError):
        noted(agent_here, working, at)
    with acting(leader_here.scope):
        services.return_report(actor=leader_here, application_id=working.pk, words="请补日期", at=at)
    noted(agent_here, working, at)
    submitted(agent_here, working, at)
    accepted(leader_here, working, at)
    with acting(administrator.scope):
        later = NewRate("DRAFTING", "PIECE", 1, date(2026, 1, 1), "更正后的补贴办法")
        services.set_rate(actor=administrator, new=later, at=at + timedelta(minutes=1))
    with acting(leader_here.scope):
        assert selectors.calculation_of(working).total_fen == 116_667
    with pytest.raises(DomainError):
        noted(agent_here, working, at)


@pytest.mark.parametrize("part", ["facts", "result", "own_word", "documents", "hours"])
def test_a_report_with_a_part_missing_is_not_handed_in(working, agent_here, at, part):
    words = WORDS if part == "hours" else ReportWords(**{**vars_of(WORDS), part: " "})
    with pytest.raises(Invalid) as refusal:
        submitted(agent_here, working, at, words, None if part == "hours" else 60)
    assert refusal.value.code == "assistance.report-incomplete"


def vars_of(words):
    return {name: getattr(words, name) for name in selectors.PARTS}


@pytest.mark.parametrize(
    "wrong",
    [
        {"hundredths": 50},
        {"hundredths": None},
        {"service": "TEA"},
        {"on": None},
        {"on": date(2999, 1, 1)},
        {"words": ""},
    ],
)
def test_an_odd_service_is_refused(working, agent_here, at, wrong):
    with pytest.raises(Invalid):
        noted(agent_here, working, at, **wrong)
    with acting(EVERYTHING):
        assert LegalService.objects.count() == 2


def test_a_service_without_a_rate_stops_the_review(working, agent_here, leader_here, at):
    odd = noted(agent_here, working, at, service="MEDIATION")
    submitted(agent_here, working, at)
    with pytest.raises(DomainError) as refusal:
        accepted(leader_here, working, at)
    assert refusal.value.code == "assistance.rate-missing"
    with acting(leader_here.scope):
        services.return_report(actor=leader_here, application_id=working.pk, words="没有标准", at=at)
    with acting(agent_here.scope):
        services.strike_service(actor=agent_here, service_id=odd.pk, at=at)
    submitted(agent_here, working, at)
    assert accepted(leader_here, working, at).calculated_fen == 66_667


def test_a_lawyer_is_replaced_with_a_reason_only(working, leader_here, lawyer, at):
    other = enrolled(leader_here, at, "14402", "何律师")
    for who, words, code in ((other, "", "words-missing"), (lawyer, "换人", "lawyer-same")):
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            assigned(leader_here, working, who, at, words)
        assert refusal.value.code == f"assistance.{code}"
    assigned(leader_here, working, other, at, "许律师出差")
    with acting(leader_here.scope):
        assert [one.lawyer.name for one in selectors.assignments_of(working) if one.ended_at is None] == ["何律师"]


def test_only_a_lawyer_at_work_is_assigned_and_only_to_approved_legal_aid(aid, approved, leader_here, lawyer, at):
    with pytest.raises(DomainError) as refusal:
        assigned(leader_here, approved, lawyer, at)
    assert refusal.value.code == "assistance.wrong-state"
    with acting(leader_here.scope):
        kept = NewLawyer("许律师", "14401", "天河律师事务所")
        services.change_lawyer(actor=leader_here, lawyer_id=lawyer.pk, new=kept, active=False, at=at)
    with pytest.raises(Invalid):
        assigned(leader_here, aid, lawyer, at)


def test_the_register_holds_a_licence_once_and_seals_the_number(lawyer, leader_here, agent_here, agent_elsewhere, at):
    with pytest.raises(DomainError) as refusal:
        enrolled(leader_here, at)
    assert refusal.value.code == "assistance.licence-used"
    with pytest.raises(NotAllowed):
        enrolled(agent_here, at, "14409")
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        selectors.lawyer_of(agent_elsewhere, lawyer.pk)
    with acting(agent_elsewhere.scope):
        assert not Lawyer.objects.exists()
    assert b"8888" not in bytes(lawyer.phone_sealed)
    assert selectors.phone_of(lawyer) == "020-8888 0000"


@pytest.mark.parametrize("act", ["update", "delete"])
def test_no_rate_is_changed_or_removed(rated, act):
    with acting(EVERYTHING), pytest.raises(DatabaseError), transaction.atomic():
        SubsidyRate.objects.update(amount_fen=1) if act == "update" else SubsidyRate.objects.all()._raw_delete(
            "default"
        )


def test_a_rate_names_its_source_and_only_an_administrator_sets_it(administrator, leader_here, at):
    for source, who, error in (("", administrator, Invalid), ("省补贴办法", leader_here, NotAllowed)):
        new = NewRate("DRAFTING", "PIECE", 100, date(2026, 1, 1), source)
        with acting(who.scope), pytest.raises(error):
            services.set_rate(actor=who, new=new, at=at)


def test_sealed_words_move_to_a_new_key(working, agent_here, at):
    submitted(agent_here, working, at)
    add_key()
    assert services.rotate_phones(at=at) == services.rotate_closing_reports(at=at) == 1
    assert services.rotate_services(at=at) == 2
    with acting(EVERYTHING):
        assert selectors.report_words(ClosingReport.objects.get()) == WORDS
        assert key_version(Lawyer.objects.get().phone_sealed) == keyring().current


@pytest.fixture
def seats(browser, agent_here, leader_here, decider, administrator, agent_elsewhere):
    """Everybody at their browser: counsellor, leader, province, administrator, and somebody elsewhere."""
    return [browser(one) for one in (agent_here, leader_here, decider, administrator, agent_elsewhere)]


def test_the_pages_lead_from_the_register_to_the_paper(seats, aid, at):
    seat, leader, province, office, elsewhere = seats
    leader.post(url("enrol"), {"name": "许律师", "licence_number": "1", "firm": "天河所", "phone": "02088880000"})
    assert "02088880000" in leader.get(url("lawyers")).content.decode()
    set_to = {
        "service": "DRAFTING",
        "unit": "PIECE",
        "amount": "500",
        "valid_from": "2026-01-01",
        "source": "省补贴办法",
    }
    office.post(url("set-rate"), set_to)
    assert "现行" in office.get(url("rates")).content.decode()
    with acting(EVERYTHING):
        leader.post(url("assign", aid.pk), {"lawyer": Lawyer.objects.get().pk, "words": ""})
    done = {"service": "DRAFTING", "unit": "PIECE", "count": "1", "on": str(local(at).date()), "words": "写起诉状"}
    seat.post(url("note-service", aid.pk), done)
    seat.post(url("save-report", aid.pk), vars_of(WORDS) | {"hours": ""})
    assert WORDS.own_word in seat.get(url("report", aid.pk)).content.decode()
    seat.post(url("submit-report", aid.pk), vars_of(WORDS) | {"hours": "3.5"})
    assert "审核通过</button>" not in seat.get(url("report", aid.pk)).content.decode(), "not by who wrote it"
    assert "审核通过</button>" in leader.get(url("report", aid.pk)).content.decode()
    leader.post(url("accept-report", aid.pk), {"words": "与卷宗一致"})
    text = province.get(url("application", aid.pk)).content.decode()
    assert "许律师" in text
    assert "按测算还应付500.00元" in text
    province.post(url("pay", aid.pk), {"amount": "500", "voucher": "L-1", "words": "转给律所", "reason": ""})
    paper = province.get(url("paper", aid.pk)).content.decode()
    assert WORDS.own_word in paper
    assert "3.5小时" in paper
    with acting(EVERYTHING):
        assert selectors.paid_fen([aid.pk]) == {aid.pk: 50_000}
        assert Entry.objects.filter(name="assistance.report-printed").exists()
    assert elsewhere.get(url("report", aid.pk)).status_code == 404
    assert seat.get(url("lawyers")).status_code == 403
    assert "标准由单位管理员设定" in seat.get(url("rates")).content.decode()


def test_what_is_typed_is_kept_without_a_press_and_saving_enters_the_journal(seats, aid):
    seat, typed = seats[0], vars_of(WORDS) | {"hours": ""}
    saved = Entry.objects.filter(name="assistance.report-saved")
    assert 'data-draft-url="' in seat.get(url("report", aid.pk)).content.decode()
    assert seat.post(url("save-report", aid.pk), typed).status_code == 204
    with acting(EVERYTHING):
        assert not saved.exists()
    assert WORDS.own_word in seat.get(url("report", aid.pk)).content.decode()
    seat.post(url("save-report", aid.pk), typed, headers={"HX-Request": "true"})
    with acting(EVERYTHING):
        assert saved.count() == 1


def url(name, *args):
    return reverse(f"assistance:{name}", args=args)
