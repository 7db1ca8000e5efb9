# ruff: noqa: F811
"""Who called and could not speak opens the link of the text message: the written talk belongs to the call, once."""

from datetime import timedelta

import pytest
from django.test import Client

from qingting.chat.models import Conversation
from qingting.contacts.models import Contact
from qingting.core import time
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.models import Engagement, WaitingEntry
from qingting.telephony import services as telephony
from qingting.telephony.models import TextLink
from qingting.telephony.services.texting import token_of
from qingting.telephony.tests.conftest import engine, line, ready, rings, talking  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    """Now: the pages of seekers live by the clock."""
    return time.now()


@pytest.fixture
def link(talking, ready, at, everything):
    """The link of a call that goes on."""
    return telephony.send_text_link(actor=ready, call_id=talking.id, at=at)


def presses(link, client=None):
    phone = client or Client()
    return phone, phone.post(f"/chat/w/{token_of(link.pk)}")


def test_looking_at_the_link_begins_nothing_and_says_what_is_confidential(link):
    page = Client().get(f"/chat/w/{token_of(link.pk)}").content.decode()
    assert "你说的话会保密" in page
    assert f"/chat/w/{token_of(link.pk)}" in page
    assert not Conversation.objects.exists()


def test_the_talk_is_the_counsellor_s_at_once_and_stands_in_the_record_of_the_call(link, talking, ready):
    phone, answer = presses(link)
    assert answer.url == "/chat/talk"
    talk = Conversation.objects.get()
    assert (talk.state, talk.account_id) == ("ACTIVE", ready.account_id)
    contact = Contact.objects.get()
    assert (contact.call_id, contact.conversation_id) == (talking.id, talk.id)
    assert not WaitingEntry.objects.filter(state__in=["WAITING", "OFFERED"]).exists()
    assert Engagement.objects.filter(subject_kind="conversation", account_id=ready.account_id).count() == 1
    assert "咨询师已经在这里" in phone.get("/chat/talk").content.decode()


def test_the_call_s_page_says_so_and_leads_there(link, talking, ready, browser):
    desk = browser(ready)
    assert desk.get(f"/telephony/calls/{talking.id}").json()["text_talk"] == ""
    presses(link)
    talk = Conversation.objects.get()
    assert desk.get(f"/telephony/calls/{talking.id}").json()["text_talk"] == str(talk.pk)
    assert "对方已打开文字聊天" in desk.get(f"/workbench/calls/{talking.id}/").content.decode()
    assert desk.post(f"/workbench/calls/{talking.id}/writing").url == f"/workbench/seat/{talk.pk}/"
    assert Entry.objects.filter(name="telephony.text-talk-opened").count() == 1
    assert token_of(link.pk) not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_second_reader_of_the_message_gets_a_talk_of_their_own_that_leads_to_no_call(link, talking):
    first, _answer = presses(link)
    assert Client().get(f"/chat/w/{token_of(link.pk)}").url == "/chat/"
    presses(link)
    assert Conversation.objects.count() == 2
    assert Contact.objects.filter(call_id=talking.id).count() == 1
    assert TextLink.objects.get().conversation_id == Conversation.objects.order_by("started_at", "pk").first().pk
    presses(link, first)
    assert Conversation.objects.count() == 2, "whoever opened it goes on with the same talk"


@pytest.mark.parametrize("spoil", ["old", "forged", "of another purpose"])
def test_a_link_that_is_no_good_opens_a_talk_of_its_own_and_touches_no_call(link, talking, at, spoil):
    token = token_of(link.pk)
    if spoil == "old":
        TextLink.objects.update(queued_at=at - timedelta(hours=25))
    elif spoil == "forged":
        token = f"{link.pk}.{'A' * 43}"
    else:
        from django.core.signing import Signer

        token = Signer(sep=".", salt="something-else").sign(str(link.pk))
    phone = Client()
    assert phone.get(f"/chat/w/{token}").url == "/chat/"
    assert phone.post(f"/chat/w/{token}").url == "/chat/talk"
    assert TextLink.objects.get().conversation_id is None
    assert Contact.objects.get(call_id=talking.id).conversation_id is None


def test_who_hung_up_first_meets_the_same_counsellor_by_the_line_and_the_record_is_one(
    link, talking, ready, at, browser
):
    telephony.end_call(call_id=talking.id, outcome="SILENT", at=at)
    presses(link)
    talk = Conversation.objects.get()
    assert talk.state == "WAITING"
    desk = browser(ready)
    assert desk.post(f"/workbench/calls/{talking.id}/writing").url == f"/workbench/seat/{talk.pk}/"
    with acting(EVERYTHING):
        contact = Contact.objects.get()
        assert (contact.call_id, contact.conversation_id) == (talking.id, talk.id)
        assert Conversation.objects.get().account_id == ready.account_id


def test_what_a_colleague_took_is_not_taken_from_them(link, talking, ready, at, browser, leader_here):
    telephony.end_call(call_id=talking.id, outcome="SILENT", at=at)
    presses(link)
    Conversation.objects.update(state="ACTIVE", account_id=leader_here.account_id)
    answer = browser(ready).post(f"/workbench/calls/{talking.id}/writing")
    assert answer.status_code == 409 or "文字聊天" in answer.content.decode()
    assert Conversation.objects.get().account_id == leader_here.account_id
