"""The record opens with the conversation, keeps every word typed, and counts once it is registered."""

from datetime import timedelta

import pytest
from django.db import connection

from qingting.chat.events import ConversationEnded, HandoverEnded
from qingting.contacts import selectors, services
from qingting.contacts.models import Contact
from qingting.contacts.selectors import ContactFilter
from qingting.core import drafts
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.events import publish
from qingting.core.grants import grant_access
from qingting.core.models import Entry
from qingting.core.scope import Scope, acting
from qingting.seekers.models import Seeker

from .conftest import WAIT, taken


def save(actor, contact, at, version=0, tab="a", **data):
    return services.save_draft(actor=actor, contact_id=contact.pk, data=data, version=version, tab=tab, at=at)


def complete(actor, contact, data, at, **more):
    return services.complete_contact(actor=actor, contact_id=contact.pk, data=data, at=at, **more)


@pytest.fixture
def completed(here, contact, filled, at):
    return complete(here, contact, filled, at)


def told(name):
    return Entry.objects.filter(name=name).count()


def test_taking_a_conversation_opens_its_record(contact, conversation, here):
    assert contact.wait_seconds == WAIT.total_seconds()
    assert contact.first_contact_owner_account_id == here.account_id
    assert (contact.channel, contact.state) == ("WEB", "DRAFT")


def test_taking_it_twice_opens_one_record(contact, conversation, here, at):
    publish(taken(conversation), actor=here, at=at)
    assert Contact.objects.count() == 1
    assert told("contacts.opened") == 1


def test_a_colleague_who_accepts_owns_the_record(contact, conversation, here, leader_here, at):
    for state, owner in (("DECLINED", here.account_id), ("ACCEPTED", leader_here.account_id)):
        event = HandoverEnded(
            organisation_id=conversation.organisation_id,
            province=conversation.province,
            conversation_id=conversation.pk,
            handover_id=1,
            from_account_id=here.account_id,
            to_account_id=leader_here.account_id,
            state=state,
            state_label="",
        )
        publish(event, actor=leader_here, at=at)
        contact.refresh_from_db()
        assert contact.account_id == contact.first_contact_owner_account_id == owner


def test_the_end_is_noted_although_the_seeker_sees_no_record(contact, conversation, here, at):
    event = ConversationEnded(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.pk,
        by="SEEKER",
    )
    with acting(Scope(visit=7)):
        publish(event, actor=here, at=at + timedelta(minutes=9))
        publish(event, actor=here, at=at + timedelta(minutes=10))
    contact.refresh_from_db()
    assert contact.ended_at == at + timedelta(minutes=9)


def test_a_draft_keeps_what_is_typed_right_or_wrong(contact, here, at):
    saved = save(here, contact, at, summary="她说", caller_kind="???", name="陈小雨", special_groups=["ORPHAN"])
    assert drafts.values(saved.draft) == {"summary": "她说", "caller_kind": "???", "special_groups": ["ORPHAN"]}
    assert saved.draft_saved_at == at
    assert selectors.form_values(saved)["summary"] == "她说"


def test_two_windows_do_not_wipe_each_other(contact, here, at):
    save(here, contact, at, tab="seat", summary="她说不想回家", category="")
    save(here, contact, at, tab="second", summary="", category="FAMILY_VIOLENCE")
    after = save(here, contact, at, tab="seat", summary="她说不想回家，怕", category="")
    values = selectors.form_values(after)
    assert (values["summary"], values["category"]) == ("她说不想回家，怕", "FAMILY_VIOLENCE")


def test_a_draft_has_a_size(contact, here, at):
    with pytest.raises(Invalid):
        save(here, contact, at, summary="字" * 70_000)


def test_registering_needs_the_four_things_that_count(contact, here, filled, at):
    with pytest.raises(Invalid) as refusal:
        complete(here, contact, {"summary": "…", "age_band": "FROM_6_TO_11"}, at)
    assert "来电人身份、风险等级、案由" in refusal.value.message
    contact.refresh_from_db()
    assert contact.state == "DRAFT"


def test_a_category_or_place_that_does_not_exist_is_refused(contact, here, filled, at):
    for wrong in ({"category": "NOTHING"}, {"declared_division": "999999"}):
        with pytest.raises(Invalid):
            complete(here, contact, {**filled, **wrong}, at)


def test_a_registered_contact_holds_what_was_said(completed, here):
    assert completed.state == "COMPLETED"
    assert completed.special_groups == ["LEFT_BEHIND", "SINGLE_PARENT"]
    assert completed.follow_up_wanted is True
    assert (completed.gender, completed.schooling) == ("", "")
    assert completed.draft == {}
    assert told("contacts.completed") == 1


def test_the_person_gets_a_record_under_a_pseudonym(completed):
    seeker = Seeker.objects.get(pk=completed.seeker_id)
    assert (seeker.age_band, seeker.special_groups) == ("FROM_12_TO_13", ["LEFT_BEHIND", "SINGLE_PARENT"])


def test_who_wants_no_record_gets_none(contact, here, filled, at):
    assert complete(here, contact, filled, at, keep_seeker=False).seeker_id is None


def test_the_age_typed_in_the_form_counts_for_the_vault_at_once(contact, here, at):
    save(here, contact, at, age_band="FROM_14_TO_17")
    seeker_id = services.seeker_for_contact(actor=here, contact_id=contact.pk, at=at)
    save(here, contact, at, age_band="FROM_6_TO_11")
    assert Seeker.objects.get(pk=seeker_id).age_band == "FROM_6_TO_11"
    assert services.seeker_for_contact(actor=here, contact_id=contact.pk, at=at) == seeker_id


def test_registering_twice_is_told(completed, here, filled, at):
    with pytest.raises(DomainError):
        complete(here, completed, filled, at)


def test_an_amendment_names_its_fields_and_no_values(completed, here, at):
    services.amend_contact(
        actor=here, contact_id=completed.pk, changes={"gender": "FEMALE", "summary": "补充：姐姐接走了。"}, at=at
    )
    entry = Entry.objects.get(name="contacts.amended")
    assert "gender" in str(entry.data)
    assert "姐姐" not in str(entry.data)
    services.amend_contact(actor=here, contact_id=completed.pk, changes={"gender": "FEMALE"}, at=at)
    assert told("contacts.amended") == 1


def test_an_amendment_may_not_empty_what_is_required(completed, here, at):
    with pytest.raises(Invalid):
        services.amend_contact(actor=here, contact_id=completed.pk, changes={"summary": " "}, at=at)


def test_a_visit_can_be_recorded_later(here, at, categories, filled):
    start = at - timedelta(days=2)
    contact = services.record_walk_in(
        actor=here, channel="WALK_IN", started_at=start, ended_at=start + timedelta(hours=1), at=at
    )
    assert complete(here, contact, filled, at).started_at == start


@pytest.mark.parametrize(
    ("channel", "hours", "lasts"), [("WEB", 2, 1), ("WALK_IN", -1, 0), ("WALK_IN", 1, -1), ("WALK_IN", 9000, 1)]
)
def test_a_hand_record_has_possible_times(here, at, channel, hours, lasts):
    start = at - timedelta(hours=hours)
    with pytest.raises(Invalid):
        services.record_walk_in(
            actor=here, channel=channel, started_at=start, ended_at=start + timedelta(hours=lasts), at=at
        )


def test_elsewhere_nothing_of_it_exists(contact, filled, agent_elsewhere, at):
    with acting(agent_elsewhere.scope):
        with pytest.raises(NotFound):
            selectors.contact_of(agent_elsewhere, contact.pk)
        with pytest.raises(NotFound):
            save(agent_elsewhere, contact, at, summary="改掉")
        assert selectors.contacts_list(agent_elsewhere, ContactFilter()).contacts == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM contacts_contact")
            assert cursor.fetchone() == (0,)


def test_whom_it_was_opened_to_reads_and_does_not_write(tree, completed, here, at):
    handler = tree.person("COUNSELLOR", tree.county)
    grant_access(actor=here, subject=("contact", completed.pk), to_organisation=tree.county.pk, purpose="ORDER", at=at)
    with acting(handler.scope):
        assert selectors.contact_of(handler, completed.pk).summary == completed.summary
        with pytest.raises(DomainError) as refusal:
            save(handler, completed, at, summary="改掉")
    assert refusal.value.code == "contacts.contact.read-only"


def test_without_the_permission_nothing_is_recorded(tree, contact, at):
    reader = tree.person("REVIEWER", tree.station)
    with pytest.raises(NotAllowed):
        save(reader, contact, at, summary="…")


def test_the_list_is_narrowed_and_costs_one_query(completed, here, at, django_assert_num_queries):
    for number in range(selectors.PAGE + 3):
        services.record_walk_in(actor=here, channel="WALK_IN", started_at=at - timedelta(days=1, minutes=number), at=at)
    with acting(here.scope), django_assert_num_queries(1):
        first = selectors.contacts_list(here, ContactFilter())
    assert first.contacts[0] == completed
    assert first.has_next
    assert len(selectors.contacts_list(here, ContactFilter(), page=2).contacts) == 4
    narrowed = (
        (ContactFilter(category="FAMILY"), 1),
        (ContactFilter(category="PSYCHOLOGY"), 0),
        (ContactFilter(state="COMPLETED", risk_level="URGENT", mine=True), 1),
        (ContactFilter(since=at - timedelta(hours=1)), 1),
        (ContactFilter(until=at - timedelta(days=2)), 0),
        (ContactFilter(seeker_id=completed.seeker_id), 1),
    )
    for asked, count in narrowed:
        assert len(selectors.contacts_list(here, asked).contacts) == count
