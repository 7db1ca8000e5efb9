"""One person, one file: found again, joined and separated by people, opened with a reason, and seen by the auditor."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.seekers import selectors, services
from qingting.seekers.models import FileOpening, Seeker, SeekerMerge
from qingting.seekers.services import finding

PHONE, WECHAT = "13912345678", "qing_ting_88"


@pytest.fixture
def here(agent_here):
    with acting(agent_here.scope):
        yield agent_here


@pytest.fixture
def people(here, at):
    """Three records with one telephone number: perhaps one girl, perhaps a school's telephone."""
    found = []
    for minutes in range(3):
        seeker = services.record_seeker(actor=here, age_band="FROM_14_TO_17", at=at + timedelta(minutes=minutes))
        services.store_datum(actor=here, seeker_id=seeker.pk, kind="PHONE", value=PHONE, at=at)
        found.append(seeker)
    services.store_datum(actor=here, seeker_id=found[0].pk, kind="WECHAT", value=WECHAT, at=at)
    return found


def merge(actor, first, second, at, words="声音和学校都对得上"):
    return services.merge_seekers(actor=actor, seeker_ids=(first.pk, second.pk), words=words, at=at)


@pytest.mark.parametrize(("kind", "value", "count"), [("PHONE", PHONE, 3), ("WECHAT", WECHAT, 1)])
def test_found_by_phone_and_by_wechat_and_every_look_is_told_without_the_value(here, people, at, kind, value, count):
    assert len(services.find_seekers(actor=here, kind=kind, value=value, at=at)) == count
    entry = Entry.objects.get(name="seekers.sought")
    assert entry.data == {"kind": kind, "kind_label": selectors.DatumKind(kind).label, "count": count}
    assert value not in str(entry.data)


def test_a_town_s_numbers_can_not_be_tried_out(here, people, at, monkeypatch):
    monkeypatch.setattr(finding, "SEARCHES_AN_HOUR", 3)
    for _ in range(3):
        services.find_seekers(actor=here, kind="PHONE", value=PHONE, at=at)
    with pytest.raises(TooMany):
        services.find_seekers(actor=here, kind="PHONE", value="13700000000", at=at)


def test_an_equal_number_joins_nobody_by_itself_and_a_shared_one_is_said_to_be_shared(here, people):
    first = people[0]
    assert selectors.same_person(here, first.pk) == [first.pk]
    alike = selectors.alike(here, [first.pk])
    assert {one.seeker.pk for one in alike} == {people[1].pk, people[2].pk}
    assert {one.shared_by for one in alike} == {3}


def test_a_person_joins_them_under_the_older_name_and_it_can_be_undone(here, people, at):
    first, second, third = people
    joined = merge(here, second, first, at)
    assert (joined.kept_id, joined.merged_id) == (first.pk, second.pk)
    merge(here, third, second, at)
    assert set(selectors.same_person(here, third.pk)) == {one.pk for one in people}
    assert selectors.root_of(third.pk) == first.pk
    services.undo_merge(actor=here, merge_id=joined.pk, words="是两姐妹", at=at)
    assert selectors.same_person(here, second.pk) == [second.pk]
    assert set(selectors.same_person(here, first.pk)) == {first.pk, third.pk}
    assert [e.name for e in Entry.objects.filter(name__startswith="seekers.merged").order_by("id")] == [
        "seekers.merged"
    ] * 2
    assert Seeker.objects.count() == 3


def test_joining_needs_words_two_people_and_a_right(here, people, tree, at):
    first, second, _ = people
    with pytest.raises(Invalid):
        merge(here, first, second, at, words="")
    with pytest.raises(DomainError):
        merge(here, first, first, at)
    merge(here, first, second, at)
    with pytest.raises(DomainError):
        merge(here, second, first, at)
    reader = tree.person("FOLLOW_UP_AGENT", tree.station)
    with pytest.raises(NotAllowed):
        merge(reader, first, people[2], at)


def test_nobody_joins_or_sees_people_of_another_province(here, people, agent_elsewhere, at):
    first, second, _ = people
    done = merge(here, first, second, at)
    with acting(agent_elsewhere.scope):
        with pytest.raises(NotFound):
            merge(agent_elsewhere, first, people[2], at)
        with pytest.raises(NotFound):
            services.undo_merge(actor=agent_elsewhere, merge_id=done.pk, words="x", at=at)
        with pytest.raises(NotFound):
            services.open_file(actor=agent_elsewhere, seeker_id=first.pk, reason_code="COVERING", words="", at=at)
        assert not SeekerMerge.objects.exists()
        assert services.find_seekers(actor=agent_elsewhere, kind="PHONE", value=PHONE, at=at) == []


def test_opening_asks_why_lasts_a_shift_and_tells_the_person_s_organisation(here, people, at):
    first = people[0]
    with pytest.raises(Invalid):
        services.open_file(actor=here, seeker_id=first.pk, reason_code="OTHER", words=" ", at=at)
    services.open_file(actor=here, seeker_id=first.pk, reason_code="COVERING", words="代李岚，电话13912345678", at=at)
    assert selectors.has_opened(here, [first.pk], at=at + timedelta(hours=7))
    assert not selectors.has_opened(here, [first.pk], at=at + timedelta(hours=9))
    assert PHONE not in FileOpening.objects.get().words
    entry = Entry.objects.get(name="seekers.file-opened")
    assert entry.organisation_id == first.organisation_id


def test_the_auditor_sees_who_looked_at_whom_and_why(here, people, tree, at, browser):
    services.open_file(actor=here, seeker_id=people[0].pk, reason_code="COVERING", words="代李岚", at=at)
    services.find_seekers(actor=here, kind="PHONE", value=PHONE, at=at)
    auditor = tree.person("AUDITOR", tree.province, "罗明哲")
    with acting(EVERYTHING):
        page = browser(auditor).get(reverse("seekers:looks"), {"account_id": here.account_id}).content.decode()
    for expected in ("代同事值守", "代李岚", "按电话查找来访者，找到3人", "李岚"):
        assert expected in page
    assert PHONE not in page


def test_who_is_no_auditor_sees_none_of_it(here, people, browser):
    assert browser(here).get(reverse("seekers:looks")).status_code == 403


def test_the_fragment_offers_joining_and_undoing(here, people, at, browser):
    seat = browser(here)
    page = seat.get(reverse("seekers:same", args=[people[0].pk])).content.decode()
    assert "学校或家长的电话" in page
    typed = {"other": people[1].pk, "words": "本人说明是同一人"}
    assert seat.post(reverse("seekers:merge", args=[people[0].pk]), typed).status_code == 200
    assert "撤销合并" in seat.get(reverse("seekers:same", args=[people[1].pk])).content.decode()
