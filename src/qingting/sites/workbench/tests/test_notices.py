"""The bell says aloud what is urgent and new, once; a notice leads to what it is about."""

import json

import pytest
from django.urls import reverse

from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import now
from qingting.staff.models import Notice
from qingting.staff.notices import PAGES, page_of


def tell(actor, urgency="URGENT", kind="linkage.incident-critical", subject=("handoff", 5)) -> Notice:
    with acting(EVERYTHING):
        return Notice.objects.create(
            organisation_id=actor.organisation_id,
            province=actor.province,
            account_id=actor.account_id,
            kind=kind,
            subject_kind=subject[0],
            subject_id=subject[1],
            urgency=urgency,
            created_at=now(),
        )


def ring(client, seen=""):
    answer = client.get(reverse("workbench:bell"), {"seen": seen})
    said = json.loads(answer.get("HX-Trigger", "{}")).get("toast")
    newest = answer.content.decode().split('name="seen" value="')[1].split('"')[0]
    return said, newest


def test_what_is_new_and_urgent_is_said_once(sign_in, agent_here):
    client = sign_in(agent_here)
    tell(agent_here)
    said, seen = ring(client)
    assert said is None  # it was there when the page was opened: the count is enough
    tell(agent_here, "CRITICAL")
    said, seen = ring(client, seen)
    assert said["text"].startswith("特急：110流转来一件特急警情")
    assert said["url"] == reverse("staff:notices")
    assert ring(client, seen)[0] is None


def test_what_can_wait_is_only_counted(sign_in, agent_here):
    client = sign_in(agent_here)
    _said, seen = ring(client)
    tell(agent_here, "ROUTINE")
    assert ring(client, seen)[0] is None
    assert "1条未读" in client.get(reverse("workbench:bell")).content.decode()


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 40])
def test_an_odd_mark_does_no_harm(seen, sign_in, agent_here):
    tell(agent_here)
    assert ring(sign_in(agent_here), seen)[0] is None


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("case", "cases:case"),
        ("order", "orders:order"),
        ("handoff", "linkage:handoff"),
        ("follow_up", "followups:follow-up"),
        ("conversation", "workbench:to-conversation"),
    ],
)
def test_a_notice_leads_to_its_page(kind, page, agent_here):
    assert page_of(tell(agent_here, subject=(kind, 5))) == reverse(page, args=[5])


def test_everything_a_clock_may_run_on_has_a_page():
    assert {"case", "order", "handoff", "follow_up", "conversation"} <= set(PAGES)
