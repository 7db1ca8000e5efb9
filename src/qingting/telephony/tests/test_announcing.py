"""The platform telephones somebody by itself: by rule, once at a time, to nobody in need, and the record says what came of it."""

from datetime import timedelta

import pytest

from qingting.core.heartbeats import beat
from qingting.core.models import Entry
from qingting.telephony import services
from qingting.telephony.ari.ringing import outcome_of_cause
from qingting.telephony.models import Announcement, AnnouncementAttempt
from qingting.telephony.services import Told
from qingting.telephony.services.announcing import claim_announcements, note_announced

pytestmark = pytest.mark.django_db
SUBJECT = ("handoff", 7)


@pytest.fixture
def telephone(at):
    """Asterisk is heard, and a controller is there."""
    for part in ("controller", "telephone"):
        beat(part, at=at)


@pytest.fixture
def asked(tree, line, at, everything):
    """Ask for a call about a handoff that nobody answers."""

    def ask(number="02088880000", notice="HANDOFF_LATE", **more):
        told = Told(notice, SUBJECT, number=number, **more)
        return services.ask_announcement(
            organisation_id=tree.station.id, province=tree.station.province, told=told, at=at
        )

    return ask


def tried(outcome, at):
    (due,) = claim_announcements(free=5, at=at)
    note_announced(attempt_id=due.attempt_id, outcome=outcome, at=at + timedelta(seconds=20))


def told():
    return list(
        Entry.objects.filter(name__startswith="telephony.announcement").order_by("id").values_list("name", "data")
    )


def test_who_presses_the_key_is_called_no_more_and_the_number_is_forgotten(telephone, asked, at):
    number = bytes(asked().number_sealed)
    assert b"02088880000" not in number
    (due,) = claim_announcements(free=5, at=at)
    assert due.number == "02088880000"
    assert claim_announcements(free=5, at=at) == []
    note_announced(attempt_id=due.attempt_id, outcome="ACKNOWLEDGED", at=at + timedelta(seconds=9))
    row = Announcement.objects.get()
    assert (row.state, row.outcome, row.number_sealed) == ("ENDED", "ACKNOWLEDGED", None)
    assert claim_announcements(free=5, at=at + timedelta(minutes=5)) == []
    assert "02088880000" not in str(told())


def test_nobody_there_is_tried_again_by_rule_and_then_given_up(telephone, asked, at):
    asked()
    for attempt, outcome in enumerate(["BUSY", "DECLINED", "NO_ANSWER"]):
        moment = at + timedelta(minutes=3 * attempt)
        tried(outcome, moment)
        assert claim_announcements(free=5, at=moment + timedelta(seconds=30)) == []
    assert [row.outcome for row in AnnouncementAttempt.objects.order_by("began_at")] == [
        "BUSY",
        "DECLINED",
        "NO_ANSWER",
    ]
    assert told()[-1][0] == "telephony.announcement-ended"
    assert told()[-1][1]["outcome"] == "NO_ANSWER"


def test_somebody_who_heard_it_without_pressing_stays_somebody_who_heard_it(telephone, asked, at):
    asked()
    tried("HEARD", at)
    tried("NO_ANSWER", at + timedelta(minutes=3))
    tried("NO_ANSWER", at + timedelta(minutes=6))
    assert Announcement.objects.get().outcome == "HEARD"


def test_without_a_telephone_the_record_says_so_at_once(asked, at):
    asked()
    assert claim_announcements(free=5, at=at) == []
    assert services.end_announcements_due(at=at) == 1
    assert Announcement.objects.get().outcome == "NO_TELEPHONE"
    assert told()[-1][1]["outcome_label"] == "电话系统不可用，未拨出"


@pytest.mark.parametrize("number", ["110", "120", "12355", "", "anonymous"])
def test_no_emergency_and_no_line_of_ours_is_ever_dialled_by_a_machine(telephone, asked, number, at):
    asked(number)
    assert claim_announcements(free=5, at=at) == []
    services.end_announcements_due(at=at)
    assert Announcement.objects.get().outcome == "NO_NUMBER"


def test_asking_twice_rings_once_and_a_stopped_one_rings_no_more(telephone, asked, at):
    assert asked().pk == asked().pk
    services.stop_announcements(subjects=[SUBJECT], at=at)
    assert claim_announcements(free=5, at=at) == []
    assert Announcement.objects.get().outcome == "STOPPED"


def test_a_controller_that_died_in_the_middle_leaves_it_to_the_next(telephone, asked, at):
    asked()
    claim_announcements(free=5, at=at)
    assert len(claim_announcements(free=5, at=at + timedelta(minutes=3))) == 1


@pytest.mark.parametrize(
    ("cause", "dialstatus", "outcome"),
    [
        (17, "BUSY", "BUSY"),
        (21, "NOANSWER", "DECLINED"),
        (19, "NOANSWER", "NO_ANSWER"),
        (0, "NOANSWER", "NO_ANSWER"),
        (1, "NOANSWER", "UNREACHABLE"),
        (20, "CHANUNAVAIL", "UNREACHABLE"),
    ],
)
def test_busy_declined_nobody_there_and_out_of_reach_are_told_apart(cause, dialstatus, outcome):
    assert outcome_of_cause(cause, dialstatus) == outcome
