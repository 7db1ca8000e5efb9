"""What whoever complains sees, and what those see who deal with it."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from qingting.complaints.models import Complaint
from qingting.complaints.tests.conftest import WORDS
from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.exports import services as exports
from qingting.exports.services import NewExport
from qingting.followups.models import RatingInvitation
from qingting.followups.selectors import rating_path
from qingting.followups.services import invite_rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


def test_from_the_portal_to_the_answer_and_a_review(stranger, browser, leader_here, above, known_clock_rules, tree):
    form = reverse("complaints:complain")
    assert "广东12355" in stranger.get(form).content.decode()
    assert form in stranger.get(reverse("portal:home")).content.decode()
    refused = stranger.post(form, {"about": "ORDER", "organisation": tree.station.id, "words": ""})
    assert refused.status_code == 422
    page = stranger.post(form, {"about": "ORDER", "organisation": tree.station.id, "words": WORDS})["Location"]
    seen = stranger.get(page).content.decode()
    assert "我们收到了" in seen
    assert WORDS in seen
    with acting(EVERYTHING):
        complaint = Complaint.objects.get()
    desk = browser(leader_here)
    assert complaint.number in desk.get(reverse("complaints:list")).content.decode()
    own = reverse("complaints:complaint", args=[complaint.pk])
    assert "受理" in desk.get(own).content.decode()
    desk.post(f"{own}acknowledge")
    desk.post(f"{own}note", {"words": "内部：查了录音"})
    desk.post(f"{own}answer", {"finding": "TRUE", "words": "对不起，让您久等了。"})
    seen = stranger.get(page).content.decode()
    assert "对不起，让您久等了。" in seen
    assert "查了录音" not in seen
    stranger.post(f"{page}review", {"words": "没有道歉"})
    assert "我们收到了" in stranger.get(page).content.decode()
    assert desk.get(own).status_code == 404
    assert browser(above).get(own).status_code == 200


def test_behind_a_rating_link_the_matter_is_known(stranger, case, above, agent_here, known_clock_rules):
    with acting(agent_here.scope):
        invite_rating(actor=agent_here, case_id=case.id, at=time.now())
        path = rating_path(RatingInvitation.objects.get())
    token = path.rsplit("/", 1)[1]
    thanks = stranger.post(path, {"score": "1", "helped": "NO"}, follow=True).content.decode()
    link = reverse("complaints:after-rating", args=[token])
    assert link in thanks
    stranger.post(link, {"about": "ORDER", "words": WORDS})
    with acting(EVERYTHING):
        complaint = Complaint.objects.get()
    assert (complaint.case_id, complaint.source) == (case.id, "RATING")
    assert agent_here.account_id in complaint.concerned_account_ids


def test_somebody_who_heard_it_writes_it_down_and_reads_the_receipt_out(
    browser, agent_here, leader_here, above, known_clock_rules
):
    client = browser(agent_here)
    assert "登记投诉" in client.get(reverse("complaints:record")).content.decode()
    page = client.post(
        reverse("complaints:record"), {"source": "PHONE", "about": "ORDER", "words": WORDS}
    ).content.decode()
    assert re.search(r"/complain/p/[\w-]{20,}/", page)
    assert client.get(reverse("complaints:list")).status_code == 403


def test_an_unknown_receipt_says_what_to_do(stranger):
    assert stranger.get("/complain/p/nothing/").status_code == 404
    assert stranger.get("/complain/r/nothing").status_code == 302


def test_the_list_as_a_file_without_words_or_contact(complain, leader_here, at):
    complaint, _ = complain(contact="13800138000")
    with acting(leader_here.scope):
        export = exports.ask(actor=leader_here, new=NewExport("complaints", {}, "CSV", "季度通报"), at=at)
    exports.work_on_exports(at=at)
    with acting(leader_here.scope):
        body = exports.download(actor=leader_here, export_id=export.pk, at=at).body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert rows[1][0] == complaint.number
    assert "13800138000" not in body
    assert WORDS not in body
