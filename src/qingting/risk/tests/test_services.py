"""A person judges the danger; the machine and the rule may only make them think twice."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from qingting.core import crypto
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.risk import selectors, services
from qingting.risk.models import AssessmentDraft, RiskAssessment
from qingting.risk.services import Judgement

PLACE = "广州市天河区某某小区3栋楼顶"


def assess(actor, contact, at, **judgement):
    return services.assess(actor=actor, contact_id=contact.pk, judgement=Judgement(**judgement), at=at)


@pytest.fixture
def fresh_keys(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def assessment(here, contact, grave, at):
    return assess(here, contact, at, answers=grave, level="CRITICAL", whereabouts=PLACE, machine_level="CRITICAL")


def open_clocks():
    return Clock.objects.filter(met_at=None).count()


def test_an_assessment_keeps_proposal_and_decision(assessment, contact):
    assert (assessment.proposed_level, assessment.proposed_item, assessment.level) == ("CRITICAL", 1, "CRITICAL")
    entry = Entry.objects.get(name="risk.assessed")
    assert entry.data["level_label"] == "特急"
    contact.refresh_from_db()
    assert contact.draft["risk_level"]["value"] == "CRITICAL"


def test_a_person_may_judge_lower_and_says_why(here, contact, grave, at):
    with pytest.raises(DomainError) as refusal:
        assess(here, contact, at, answers=grave, level="URGENT", reason="  ")
    assert "特急" in refusal.value.message
    stored = assess(here, contact, at, answers=grave, level="URGENT", reason="妈妈已经陪在身边，药交出来了。")
    assert (stored.level, stored.proposed_level) == ("URGENT", "CRITICAL")


def test_below_the_machines_danger_words_are_needed_too(here, contact, calm, at):
    with pytest.raises(DomainError):
        assess(here, contact, at, answers=calm, level="ROUTINE", machine_level="CRITICAL")


def test_a_person_may_always_judge_higher(here, contact, calm, at):
    assert assess(here, contact, at, answers=calm, level="CRITICAL").proposed_level == "ROUTINE"


@pytest.mark.parametrize("wrong", [{"answers": {}}, {"level": "HIGH"}, {"whereabouts_source": "STARS"}])
def test_an_assessment_is_complete(here, contact, calm, at, wrong):
    with pytest.raises(Invalid):
        assess(here, contact, at, **{"answers": calm, "level": "ROUTINE", **wrong})


def test_it_stands_as_it_was_recorded(assessment):
    for change in ("update risk_riskassessment set level = 'ROUTINE'", "delete from risk_riskassessment"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert RiskAssessment.objects.get().level == "CRITICAL"


def test_where_somebody_is_stands_sealed_and_its_reading_is_told(here, assessment, at):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text, whereabouts_sealed FROM risk_riskassessment a")
        text, sealed = cursor.fetchone()
    assert "天河" not in text
    assert "天河".encode() not in bytes(sealed)
    assert selectors.whereabouts(here, assessment.pk, at=at) == PLACE
    assert Entry.objects.filter(name="risk.whereabouts-read").count() == 1
    assert "天河" not in str(list(Entry.objects.values_list("ids", "data")))


def test_an_intervention_meets_the_clock_once(here, contact, at):
    assert open_clocks() == 1
    assert services.record_intervention(actor=here, contact_id=contact.pk, at=at + timedelta(minutes=4))
    assert not services.record_intervention(actor=here, contact_id=contact.pk, at=at + timedelta(minutes=5))
    assert open_clocks() == 0
    assert Entry.objects.filter(name="risk.intervention-recorded").count() == 1


def test_a_critical_assessment_leaves_the_clock_running(assessment):
    assert open_clocks() == 1


def test_judging_that_there_is_no_crisis_meets_the_clock(here, contact, calm, at):
    assess(
        here,
        contact,
        at,
        answers=calm,
        level="ROUTINE",
        reason="“想死”是在说作业太多，问过了没有念头。",
        machine_level="CRITICAL",
    )
    assert open_clocks() == 0


def test_a_case_gathers_assessments_before_and_after(here, contact, assessment, calm, at):
    assert services.link_to_case(contact_id=contact.pk, case_id=77, at=at) == 1
    later = assess(here, contact, at + timedelta(hours=1), answers=calm, level="ROUTINE")
    assert later.case_id == 77
    assert selectors.assessments_of_case(here, 77) == [later, assessment]
    assert selectors.latest_for_case(here, 77) == selectors.latest_for_contact(here, contact.pk) == later


def test_a_case_opened_first_is_known_too(here, contact, calm, at):
    services.link_to_case(contact_id=contact.pk, case_id=77, at=at)
    assert assess(here, contact, at, answers=calm, level="ROUTINE").case_id == 77


def test_a_draft_is_kept_sealed_until_it_is_assessed(here, contact, calm, at):
    for version, words in enumerate(("天河区", PLACE)):
        services.save_draft(
            actor=here,
            contact_id=contact.pk,
            data={"whereabouts": words, "plan": "CONCRETE", "secret": "x"},
            version=version,
            tab="a",
            at=at,
        )
    assert selectors.draft_of(here, contact.pk)[0] == {"whereabouts": PLACE, "plan": "CONCRETE"}
    assert PLACE.encode() not in bytes(AssessmentDraft.objects.get().sealed)
    assess(here, contact, at, answers=calm, level="ROUTINE")
    assert selectors.draft_of(here, contact.pk) == ({}, 0, None)


def test_elsewhere_nothing_of_it_exists(contact, assessment, grave, agent_elsewhere, at):
    with acting(agent_elsewhere.scope):
        assert selectors.latest_for_contact(agent_elsewhere, contact.pk) is None
        with pytest.raises(NotFound):
            selectors.whereabouts(agent_elsewhere, assessment.pk, at=at)
        with pytest.raises(NotFound):
            assess(agent_elsewhere, contact, at, answers=grave, level="CRITICAL")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM risk_riskassessment")
            assert cursor.fetchone() == (0,)


def test_assessing_needs_the_permission(tree, contact, grave, at):
    reviewer = tree.person("REVIEWER", tree.station)
    with pytest.raises(NotAllowed):
        assess(reviewer, contact, at, answers=grave, level="CRITICAL")


def test_rotation_keeps_whereabouts_and_drafts_readable(fresh_keys, here, contact, assessment, at):
    services.save_draft(actor=here, contact_id=contact.pk, data={"whereabouts": PLACE}, version=0, at=at)
    version = crypto.add_key()
    assert services.rotate_whereabouts(at=at) == services.rotate_drafts(at=at) == 1
    assert services.rotate_whereabouts(at=at) == services.rotate_drafts(at=at) == 0
    with acting(EVERYTHING):
        assert RiskAssessment.objects.get().whereabouts_key_version == version
    assert selectors.whereabouts(here, assessment.pk, at=at) == PLACE
    assert selectors.draft_of(here, contact.pk)[0]["whereabouts"] == PLACE
