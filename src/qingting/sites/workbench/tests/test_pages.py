"""The shell and its own pages over HTTP."""

import re

import pytest
from django.urls import reverse

from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import now
from qingting.staff.models import Notice

pytestmark = pytest.mark.slow

PAGES = ["workbench:home", "workbench:search", "workbench:style", "workbench:bell"]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son[a-z]+=|<style|javascript:", re.I)


@pytest.mark.parametrize("name", PAGES)
def test_a_counsellor_opens_the_page(name, sign_in, agent_here):
    page = sign_in(agent_here).get(reverse(name))
    assert page.status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_nobody_sees_it_without_signing_in(name, client, db):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("staff:sign-in"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_keep_to_the_content_policy(name, sign_in, agent_here):
    page = sign_in(agent_here).get(reverse(name))
    assert "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert not INLINE.search(text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


def test_home_greets_by_name_and_post(sign_in, agent_here):
    text = sign_in(agent_here).get(reverse("workbench:home")).content.decode()
    assert "李岚" in text
    assert "心理咨询师" in text
    assert "广东12355" in text


def test_the_bell_counts_what_is_for_me(sign_in, agent_here, leader_here):
    with acting(EVERYTHING):
        for permission in ("duty.take", "duty.lead"):
            Notice.objects.create(
                organisation_id=agent_here.organisation_id,
                province="440000",
                permission=permission,
                kind="test",
                subject_kind="case",
                subject_id=1,
                urgency="ROUTINE",
                created_at=now(),
            )
    assert "1条未读" in sign_in(agent_here).get(reverse("workbench:bell")).content.decode()
    assert "2条未读" in sign_in(leader_here, "another").get(reverse("workbench:bell")).content.decode()


def test_the_theme_follows_the_browser_then_the_account(sign_in, agent_here):
    client = sign_in(agent_here)
    assert 'data-theme="auto"' in client.get(reverse("workbench:home")).content.decode()
    client.cookies["qt_theme"] = "dark"
    assert 'data-theme="dark"' in client.get(reverse("workbench:home")).content.decode()
    client.cookies["qt_theme"] = '"><b'
    assert 'data-theme="auto"' in client.get(reverse("workbench:home")).content.decode()
