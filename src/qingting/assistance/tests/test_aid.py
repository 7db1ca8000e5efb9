"""Two people review, money stays within what was granted, and the ledger forgets nothing."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from qingting.assistance import rules, selectors, services
from qingting.assistance.models import AidApplication, LedgerEntry
from qingting.assistance.services import Application, Grant, Payment
from qingting.cases.selectors import timeline
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.scope import EVERYTHING, acting
from qingting.staff.models import Notice

pytestmark = pytest.mark.slow


def paid(actor, application, fen, at, voucher="P-1"):
    with acting(actor.scope):
        return services.pay(
            actor=actor, application_id=application.pk, payment=Payment(fen, voucher, "转入学校账户"), at=at
        )


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1200", 120000), ("1,200.5", 120050), ("0.01", 1), ("", None), ("1.005", None), ("-3", None), ("1e3", None),
        ("１２", 1200), ("999999999", None),
    ],
)  # fmt: skip
def test_money_is_read_to_the_fen_or_not_at_all(typed, fen):
    assert rules.fen_from(typed) == fen


@pytest.mark.parametrize(("fen", "words"), [(120050, "1,200.50"), (1, "0.01"), (-120050, "-1,200.50")])
def test_money_is_written_as_people_read_it(fen, words):
    assert rules.yuan(fen) == words


def test_three_people_stand_behind_a_grant_and_an_order_carries_it_out(everything, approved, agent_here, case, tree):
    assert approved.state == "APPROVED"
    people = {approved.applied_by_account_id, approved.checked_by_account_id, approved.decided_by_account_id}
    assert len(people) == 3
    assert approved.order.kind == "LIVING"
    assert approved.order.handler_organisation_id == tree.county.pk
    assert Notice.objects.filter(account_id=agent_here.account_id, kind="assistance.approved").exists()
    assert "批准助学、生活资助，1,000.00元" in [line.what for line in timeline(agent_here, case.pk)]


def test_nobody_reviews_what_they_asked_for_or_twice(applied, agent_here, leader_here, decider, tree, at):
    with acting(agent_here.scope), pytest.raises(NotAllowed):
        services.check(actor=agent_here, application_id=applied.pk, words="属实", at=at)
    with acting(decider.scope):
        services.check(actor=decider, application_id=applied.pk, words="属实", at=at)
        grant = Grant(100, "希望工程", tree.county.pk, "同意")
        with pytest.raises(NotAllowed) as refusal:
            services.approve(actor=decider, application_id=applied.pk, grant=grant, at=at)
    assert refusal.value.code == "assistance.same-person"


def test_the_database_itself_wants_two_reviewers(applied):
    with acting(EVERYTHING), pytest.raises(DatabaseError), transaction.atomic():
        AidApplication.objects.filter(pk=applied.pk).update(state="APPROVED")


def test_another_province_finds_nothing(applied, agent_elsewhere):
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        selectors.application_of(agent_elsewhere, applied.pk)
    with acting(agent_elsewhere.scope):
        assert not AidApplication.objects.exists()


@pytest.mark.parametrize(
    "wrong", [Application("GIFT", 1, "需要"), Application("GRANT", None, "需要"), Application("GRANT", 1, "")]
)
def test_an_incomplete_application_is_refused(agent_here, case, at, wrong):
    with acting(agent_here.scope), pytest.raises(Invalid):
        services.apply(actor=agent_here, case_id=case.pk, new=wrong, at=at)
    with acting(EVERYTHING):
        assert not AidApplication.objects.exists()


def test_one_application_of_a_kind_runs_at_a_time(applied, agent_here, case, at):
    again = Application("GRANT", 1, "再来一份")
    with acting(agent_here.scope):
        with pytest.raises(DomainError):
            services.apply(actor=agent_here, case_id=case.pk, new=again, at=at)
        services.withdraw(actor=agent_here, application_id=applied.pk, words="写错了", at=at)
        assert services.apply(actor=agent_here, case_id=case.pk, new=again, at=at).state == "APPLIED"


def test_a_refusal_says_why_and_whoever_applied_hears_of_it(checked, decider, agent_here, at):
    with acting(decider.scope):
        with pytest.raises(Invalid):
            services.refuse(actor=decider, application_id=checked.pk, reason="BECAUSE", words="不行", at=at)
        refused = services.refuse(
            actor=decider, application_id=checked.pk, reason="ELSEWHERE", words="学校已减免学费", at=at
        )
    assert refused.state == "REFUSED"
    with acting(EVERYTHING):
        assert Notice.objects.filter(account_id=agent_here.account_id, kind="assistance.refused").exists()


def test_payments_stay_within_the_grant_and_a_voucher_counts_once(approved, decider, at):
    paid(decider, approved, 60_000, at)
    for fen, voucher, code in ((40_001, "P-2", "beyond-grant"), (1, "P-1", "voucher-used")):
        with pytest.raises(DomainError) as refusal:
            paid(decider, approved, fen, at, voucher)
        assert refusal.value.code == f"assistance.{code}"
    paid(decider, approved, 40_000, at, "P-2")
    with acting(decider.scope):
        assert selectors.paid_fen([approved.pk]) == {approved.pk: 100_000}


def test_nothing_is_paid_before_it_is_granted_or_by_who_applied(checked, approved, agent_here, decider, at):
    with pytest.raises(NotAllowed):
        paid(agent_here, approved, 100, at)
    with acting(decider.scope):
        services.close(actor=decider, application_id=approved.pk, words="已到账", at=at)
    with pytest.raises(DomainError) as refusal:
        paid(decider, approved, 100, at)
    assert refusal.value.code == "assistance.wrong-state"


def test_a_wrong_payment_is_reversed_once_and_both_lines_stay(approved, decider, at):
    entry = paid(decider, approved, 60_000, at)
    with acting(decider.scope):
        services.reverse_payment(actor=decider, entry_id=entry.pk, words="付错了人", at=at)
        with pytest.raises(DomainError):
            services.reverse_payment(actor=decider, entry_id=entry.pk, words="再来", at=at)
        assert [line.amount_fen for line in selectors.entries_of(approved)] == [60_000, -60_000]
        lines = selectors.ledger(decider, since=at - timedelta(days=1), until=at + timedelta(days=1))
        assert lines.count() == 2


@pytest.mark.parametrize("act", ["update", "delete"])
def test_no_line_of_the_ledger_is_changed_or_removed(approved, decider, at, act):
    entry = paid(decider, approved, 60_000, at)
    lines = LedgerEntry.objects.filter(pk=entry.pk)
    with acting(EVERYTHING), pytest.raises(DatabaseError), transaction.atomic():
        lines.update(amount_fen=1) if act == "update" else lines.delete()


def test_a_person_s_aid_is_listed_over_all_cases(approved, case, decider):
    with acting(decider.scope):
        assert [row.pk for row in selectors.of_person(decider, case.seeker_id)] == [approved.pk]
