"""110 hands an incident to 12355: somebody takes it, a case stands, and 110 hears how it went."""

from datetime import timedelta

import pytest

from qingting.cases.selectors import holds_of
from qingting.contacts.models import Contact
from qingting.core.errors import DomainError, NotAllowed, NotFound
from qingting.core.models import Clock
from qingting.core.scope import acting
from qingting.linkage import selectors, services
from qingting.linkage.models import Handoff
from qingting.seekers.models import Consent, PersonalDatum
from qingting.staff.models import Notice


@pytest.fixture
def incident(police, everything):
    police.to_platform.send(police.hands_off(number=1, urgency="CRITICAL"))
    return Handoff.objects.get(direction="FROM_POLICE")


def answers(police, at):
    services.send_due(at=at + timedelta(seconds=5))
    return [(str(m.type), m.body) for m in police.heard]


def test_it_waits_for_a_person_and_everybody_at_a_seat_is_told(everything, incident, agent_here):
    assert incident.state == "SENT"
    assert incident.incident_number == "4401062026030400088"
    assert Notice.objects.filter(kind="linkage.incident-arrived", permission="linkage.hand-off").exists()
    assert Notice.objects.filter(kind="linkage.incident-critical", permission="duty.lead").exists()
    assert Clock.objects.get(subject_kind="handoff", subject_id=incident.pk).kind == "HANDOFF_ACKNOWLEDGEMENT"
    assert [row.pk for row in selectors.incoming(agent_here)] == [incident.pk]


def test_taking_it_opens_contact_and_case_and_answers_110(everything, incident, police, agent_here, at):
    taken = services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at)
    contact = Contact.objects.get(pk=taken.case.contact_id)
    assert contact.channel == "REFERRED"
    assert contact.first_contact_owner_account_id == agent_here.account_id
    assert [hold.kind for hold in holds_of(agent_here, taken.case_id)] == ["HANDOFF_OPEN"]
    assert PersonalDatum.objects.get(kind="PHONE").tail == "8000"[-4:]
    assert Consent.objects.get().basis == "LIFE_AT_STAKE"
    ((kind, body),) = answers(police, at)
    assert kind == "acknowledgement"
    assert body["workOrderNo"] == taken.case.number


def test_two_people_take_it_once(everything, incident, agent_here, leader_here, at):
    services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at)
    with pytest.raises(DomainError):
        services.take_incident(actor=leader_here, handoff_id=incident.pk, at=at)


def test_110_hears_progress_and_result_and_the_case_is_free(everything, incident, police, agent_here, at):
    taken = services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at)
    services.report_progress(
        actor=agent_here, handoff_id=incident.pk, stage="COUNSELLOR_ENGAGED", words="咨询师已通话", at=at
    )
    services.report_result(actor=agent_here, handoff_id=incident.pk, outcome="COUNSELLED", words="约定明天回访", at=at)
    assert [kind for kind, _ in answers(police, at)] == ["acknowledgement", "progress", "result"]
    assert holds_of(agent_here, taken.case_id) == []


def test_it_can_be_declined_with_a_reason(everything, incident, police, agent_here, at):
    services.decline_incident(
        actor=agent_here, handoff_id=incident.pk, reason="NOT_OUR_AREA", words="请转深圳12355", at=at
    )
    assert answers(police, at)[0][1]["reason"] == "NOT_OUR_AREA"


def test_110_may_take_it_back(everything, incident, police, agent_here, at):
    services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at)
    body = {"reason": "RESOLVED", "text": "家长已接回", "operator": "110001"}
    police.says(str(incident.link_id), "cancellation", body)
    incident.refresh_from_db()
    assert incident.state == "CANCELLED"
    assert holds_of(agent_here, incident.case_id) == []


def test_another_province_does_not_see_it(incident, agent_elsewhere, at):
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        services.take_incident(actor=agent_elsewhere, handoff_id=incident.pk, at=at)


def test_who_may_only_look_may_not_take_it(everything, incident, tree, at):
    handler = tree.person("ORDER_HANDLER", tree.station)
    with pytest.raises(NotAllowed):
        services.take_incident(actor=handler, handoff_id=incident.pk, at=at)


def test_a_drill_is_answered_by_machine_and_troubles_nobody(everything, police, agent_here, at):
    police.to_platform.send(police.hands_off(drill=True))
    drill = Handoff.objects.get()
    assert drill.drill
    assert drill.state == "ACKNOWLEDGED"
    assert not Notice.objects.exists()
    assert answers(police, at)[0][0] == "acknowledgement"
