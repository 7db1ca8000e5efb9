"""A telephone call has its contact record like a chat: opened by answering, passed on with the call, once."""

import pytest

from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.contacts.services import save_draft
from qingting.core.ids import new_id
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import services
from qingting.telephony.services import Arrival, LineDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(tree, agent_here, at, known_clock_rules):
    """A call that the counsellor here has answered."""
    services.put_line(station=tree.station, details=LineDetails(number="12355"), at=at)
    with acting(EVERYTHING):
        call = services.begin_call(arrival=Arrival(new_id(), "asterisk", "c-1", "12355", "13800138000"), at=at)
        services.queue_call(call_id=call.id, at=at)
        services.take_call(call_id=call.id, account_id=agent_here.account_id, channel="s-1", at=at)
    return call


def test_answering_opens_the_record_once(answered, agent_here, at, everything):
    services.take_call(call_id=answered.id, account_id=agent_here.account_id, channel="s-2", at=at)
    contact = Contact.objects.get()
    assert (contact.call_id, contact.channel, contact.account_id) == (answered.id, "PHONE", agent_here.account_id)


def test_the_record_goes_with_the_call(answered, leader_here, at, everything):
    services.pass_on(call_id=answered.id, to_account_id=leader_here.account_id, channel="s-9", at=at)
    assert Contact.objects.get().first_contact_owner_account_id == leader_here.account_id


def test_the_end_of_the_call_is_noted(answered, at, everything):
    services.end_call(call_id=answered.id, outcome="TALKED", at=at)
    contact = Contact.objects.get()
    assert (contact.ended_at, contact.state) == (at, "DRAFT")


def test_danger_of_the_call_raises_the_level_of_the_record_and_lowers_nothing(answered, agent_here, at, everything):
    for level in ("URGENT", "CRITICAL", "ROUTINE"):
        services.note_danger(actor=agent_here, call_id=answered.id, level=level, at=at)
    assert form_values(Contact.objects.get())["risk_level"] == "CRITICAL"


def test_a_silent_call_is_recorded_as_one(answered, at, everything):
    services.end_call(call_id=answered.id, outcome="SILENT", at=at)
    draft = form_values(Contact.objects.get())
    assert (draft["category"], draft["risk_level"]) == ("OTHER_SILENT", "")
    assert "静默" in draft["summary"]


def test_what_the_counsellor_wrote_of_a_silent_call_stays(answered, agent_here, at, everything):
    contact = Contact.objects.get()
    save_draft(actor=agent_here, contact_id=contact.pk, data={"summary": "听到哭声"}, version=0, at=at)
    services.end_call(call_id=answered.id, outcome="SILENT", at=at)
    assert form_values(Contact.objects.get())["summary"] == "听到哭声"
