"""What the law wants reported is drafted by itself, reminded of, and ends with a report or a supervisor's reason."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.cases.selectors import holds_of
from qingting.cases.services import NewCase, close_case, open_case
from qingting.contacts.models import Contact
from qingting.contacts.services import record_walk_in
from qingting.contacts.states import Channel
from qingting.core.clocks import tick
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock
from qingting.core.scope import acting
from qingting.linkage import mandatory, services
from qingting.linkage.models import MandatoryReport
from qingting.staff.models import Notice

WORDS = "已电话报告天河派出所王警官，答复立即出警"


@pytest.fixture
def opened(agent_here, at, rules_in_force, everything):
    """`opened(category, age_band)`: a case of such a person."""

    def new(category, age_band="FROM_14_TO_17", urgency="URGENT"):
        contact = record_walk_in(actor=agent_here, channel=Channel.WALK_IN, started_at=at, at=at)
        Contact.objects.filter(pk=contact.pk).update(age_band=age_band)
        return open_case(actor=agent_here, contact_id=contact.pk, new=NewCase(category, urgency, "440106", ""), at=at)

    return new


@pytest.fixture
def report(opened):
    opened("FAMILY_VIOLENCE")
    return MandatoryReport.objects.get()


@pytest.mark.parametrize(
    ("category", "age_band", "item"),
    [
        ("FAMILY_VIOLENCE", "FROM_14_TO_17", 7),
        ("RIGHTS_SEXUAL_ASSAULT", "FROM_12_TO_13", 5),
        ("RIGHTS_PREGNANCY", "FROM_14_TO_17", 6),
        ("FAMILY_NEGLECT", "", 9),
        ("FAMILY_VIOLENCE", "FROM_18_TO_24", None),
        ("PSYCHOLOGY_SLEEP", "FROM_14_TO_17", None),
    ],
)
def test_a_case_that_fits_drafts_its_report(opened, category, age_band, item):
    opened(category, age_band)
    assert list(MandatoryReport.objects.values_list("item_number", flat=True)) == ([item] if item else [])


def test_owner_and_leader_are_told_and_the_case_may_not_close(report, agent_here, leader_here, at):
    assert Notice.objects.filter(kind="linkage.report-due", account_id=agent_here.account_id).exists()
    assert Notice.objects.filter(kind="linkage.report-due", permission="duty.lead").exists()
    assert [hold.kind for hold in holds_of(agent_here, report.case_id)] == ["REPORT_DUE"]
    with pytest.raises(DomainError):
        close_case(actor=leader_here, case_id=report.case_id, words="完", at=at)


def test_it_is_reminded_of_until_it_is_done(report, agent_here, at):
    tick(at=at + timedelta(minutes=61))
    clock = Clock.objects.get(subject_kind="mandatory_report")
    assert clock.breached_at is not None
    services.record_report(actor=agent_here, report_id=report.pk, way="PHONE", words=WORDS, at=at)
    clock.refresh_from_db()
    assert clock.met_at is not None
    assert holds_of(agent_here, report.case_id) == []


def test_handing_the_item_to_110_is_the_report(report, police, agent_here, at):
    handoff = services.hand_off(actor=agent_here, case_id=report.case_id, item_number=7, at=at)
    report.refresh_from_db()
    assert (report.state, report.way, report.handoff_id) == ("MADE", "HANDOFF", handoff.pk)


def test_another_item_is_not_the_report(report, police, agent_here, at):
    services.hand_off(actor=agent_here, case_id=report.case_id, item_number=9, at=at)
    report.refresh_from_db()
    assert report.state == "DUE"


def test_only_a_supervisor_who_does_not_own_the_case_says_why_not(report, agent_here, leader_here, at):
    words = "与学校和监护人核实，系体育课摔伤，无侵害情形"
    with pytest.raises(NotAllowed):
        services.waive_report(actor=agent_here, report_id=report.pk, words=words, at=at)
    with pytest.raises(Invalid):
        services.waive_report(actor=leader_here, report_id=report.pk, words="没事", at=at)
    report.case.owner_account_id = leader_here.account_id
    report.case.save()
    with pytest.raises(DomainError):
        services.waive_report(actor=leader_here, report_id=report.pk, words=words, at=at)
    report.case.owner_account_id = agent_here.account_id
    report.case.save()
    done = services.waive_report(actor=leader_here, report_id=report.pk, words=words, at=at)
    assert done.state == "WAIVED"
    with pytest.raises(DomainError):
        services.record_report(actor=agent_here, report_id=report.pk, way="PHONE", words=WORDS, at=at)


def test_somebody_may_draft_what_the_machine_did_not_see(opened, agent_here, at):
    case = opened("PSYCHOLOGY_SLEEP")
    first = services.draft_report(actor=agent_here, case_id=case.pk, item_number=8, at=at)
    assert services.draft_report(actor=agent_here, case_id=case.pk, item_number=8, at=at).pk == first.pk
    with pytest.raises(Invalid):
        services.draft_report(actor=agent_here, case_id=case.pk, item_number=1, at=at)


def test_another_province_sees_none_of_it(report, agent_elsewhere, at):
    with acting(agent_elsewhere.scope):
        assert not MandatoryReport.objects.exists()
        with pytest.raises(NotFound):
            services.record_report(actor=agent_elsewhere, report_id=report.pk, way="PHONE", words=WORDS, at=at)


def test_its_pages(report, agent_here, sign_in):
    seat = sign_in(agent_here)
    assert "家庭暴力" in seat.get(reverse("linkage:reports")).content.decode()
    made = seat.post(reverse("linkage:report-made", args=[report.pk]), {"code": "PHONE", "words": WORDS}, follow=True)
    assert WORDS in made.content.decode()
    assert "需要强制报告" not in seat.get(reverse("linkage:panel", args=[report.case_id])).content.decode()


def test_every_category_of_the_table_exists():
    from qingting.directory import reference

    known = {row["code"] for row in reference.categories()}
    assert mandatory.categories() <= known
