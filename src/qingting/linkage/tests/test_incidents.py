"""110 hands an incident to 12355: somebody takes it, a case stands, and 110 hears how it went."""

from datetime import timedelta

import pytest

from qingting.cases.models import Case
from qingting.cases.selectors import holds_of
from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.core.errors import DomainError, NotAllowed, NotFound
from qingting.core.models import Clock
from qingting.core.scope import acting
from qingting.linkage import incident_work, selectors, services
from qingting.linkage.models import Handoff
from qingting.linkage.services import waking
from qingting.orders.models import OrderNote, WorkOrder
from qingting.seekers.models import Consent, PersonalDatum
from qingting.staff.models import Notice

pytestmark = pytest.mark.slow


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
    assert [row.pk for row in selectors.incoming_page(agent_here, "1", 10)] == [incident.pk]


def test_the_most_urgent_and_longest_waiting_stands_first_however_many_came_later(everything, police, agent_here, at):
    for number, urgency in ((2, "URGENT"), (2, "URGENT"), (1, "CRITICAL"), (2, "URGENT")):
        police.to_platform.send(police.hands_off(number=number, urgency=urgency))
    first, second, critical, last = Handoff.objects.order_by("pk")
    services.take_incident(actor=agent_here, handoff_id=last.pk, at=at)
    pages = [selectors.incoming_page(agent_here, number, 2) for number in ("1", "2")]
    assert [row.pk for page in pages for row in page] == [critical.pk, first.pk, second.pk, last.pk]
    assert selectors.waiting_here(agent_here) == 3


def test_contact_case_and_order_stand_before_anybody_takes_it(everything, incident, tree):
    contact, order = Contact.objects.get(), WorkOrder.objects.get()
    assert (contact.channel, contact.first_contact_owner_account_id) == ("REFERRED", 0)
    assert "出警后已劝下" in form_values(contact)["summary"]
    assert (order.pk, order.case_id) == (incident.order_id, incident.case_id)
    assert (order.kind, order.state, order.handler_organisation_id) == ("CRISIS", "DISPATCHED", tree.station.pk)
    assert "4401062026030400088" in order.instructions
    assert PersonalDatum.objects.get(kind="PHONE").tail == "8000"
    assert Consent.objects.get().basis == "LIFE_AT_STAKE"


def test_taking_it_makes_it_mine_and_answers_110(everything, incident, police, agent_here, at):
    taken = services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at)
    contact, order = Contact.objects.get(), WorkOrder.objects.get()
    assert contact.first_contact_owner_account_id == taken.case.owner_account_id == agent_here.account_id
    assert (order.state, order.handler_account_id) == ("IN_PROGRESS", agent_here.account_id)
    assert {hold.kind for hold in holds_of(agent_here, taken.case_id)} == {"HANDOFF_OPEN", "ORDER_OPEN"}
    ((kind, body),) = answers(police, at)
    assert kind == "acknowledgement"
    assert body["workOrderNo"] == taken.case.number


def test_it_arrives_although_no_case_can_be_opened(everything, police, agent_here, at, monkeypatch):
    def refuse(*args, **more):
        raise DomainError("不行", code="test.refused")

    monkeypatch.setattr(incident_work, "open_case", refuse)
    police.to_platform.send(police.hands_off())
    incident = Handoff.objects.get()
    assert (incident.state, incident.case_id, Contact.objects.count()) == ("SENT", None, 0)
    assert Notice.objects.filter(kind="linkage.incident-arrived").exists()
    monkeypatch.undo()
    monkeypatch.setattr(waking, "send_now", lambda: None)
    assert services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at).case.owner_account_id


def test_a_slip_of_the_pen_makes_no_danger_smaller(everything, police):
    police.to_platform.send(police.hands_off(number=1, urgency="ROUTINE"))
    assert Handoff.objects.get().urgency == "CRITICAL"


@pytest.mark.parametrize("wrong", [{"no": 88}, {"direction": "12355-to-110"}])
def test_what_is_not_on_the_list_arrives_as_outside_the_list(everything, police, wrong):
    from deskwire.envelope import Envelope

    message = police.hands_off()
    item = {**message.body["listItem"], **wrong, "title": "另外约定的\u202e事项"}
    police.to_platform.send(Envelope({**message.document, "body": {**message.body, "listItem": item}}))
    incident = Handoff.objects.get()
    assert (incident.item_number, incident.item_text) == (None, "另外约定的事项")


@pytest.mark.parametrize(("asked", "seconds"), [(90, 90), (-5, 300), (864_000, 300)])
def test_we_answer_when_110_says_it_will_telephone_if_that_can_be_right(everything, police, asked, seconds):
    from deskwire.envelope import Envelope
    from deskwire.moments import to_wire

    message = police.hands_off()
    reply_by = to_wire(message.sent_at + timedelta(seconds=asked))
    police.to_platform.send(Envelope({**message.document, "replyBy": reply_by}))
    clock = Clock.objects.get(subject_kind="handoff")
    assert abs((clock.due_at - message.sent_at).total_seconds() - seconds) < 10


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
    assert [hold.kind for hold in holds_of(agent_here, taken.case_id)] == ["ORDER_OPEN"], "the order is still reviewed"
    assert WorkOrder.objects.get().state == "SUBMITTED"
    assert list(OrderNote.objects.order_by("at", "pk").values_list("text", flat=True)) == [
        "咨询师已介入。咨询师已通话",
        "已疏导。约定明天回访",
    ]


def test_it_can_be_declined_with_a_reason(everything, incident, police, agent_here, at):
    services.decline_incident(
        actor=agent_here, handoff_id=incident.pk, reason="NOT_OUR_AREA", words="请转深圳12355", at=at
    )
    assert answers(police, at)[0][1]["reason"] == "NOT_OUR_AREA"
    assert (Case.objects.get().state, WorkOrder.objects.get().state) == ("CLOSED", "CANCELLED")


def test_110_may_take_it_back_before_anybody_took_it(everything, incident, police):
    police.says(str(incident.link_id), "cancellation", {"reason": "FALSE_ALARM", "text": "误报", "operator": "110001"})
    assert (Case.objects.get().state, WorkOrder.objects.get().state) == ("CLOSED", "CANCELLED")


def test_110_may_take_it_back(everything, incident, police, agent_here, at):
    services.take_incident(actor=agent_here, handoff_id=incident.pk, at=at)
    body = {"reason": "RESOLVED", "text": "家长已接回", "operator": "110001"}
    police.says(str(incident.link_id), "cancellation", body)
    incident.refresh_from_db()
    assert incident.state == "CANCELLED"
    assert [hold.kind for hold in holds_of(agent_here, incident.case_id)] == ["ORDER_OPEN"], "a person ends the work"


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
    assert not Contact.objects.exists()
    assert not Notice.objects.exists()
    assert answers(police, at)[0][0] == "acknowledgement"
