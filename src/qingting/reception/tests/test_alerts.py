"""In danger somebody's phone rings, then the next one's, until a person says that they are on it; all of it on the record."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from qingting.core import clocks
from qingting.core.errors import Invalid, NotAllowed, NotFound
from qingting.core.heartbeats import beat
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.reception import selectors, services
from qingting.reception.models import Alert, Call, Target
from qingting.reception.tests.conftest import NIGHT, machine_says
from qingting.reception.tests.test_attending import take
from qingting.staff.models import Notice
from qingting.telephony.models import AnnouncementAttempt
from qingting.telephony.services import LineDetails, end_announcements_due, put_line
from qingting.telephony.services.announcing import claim_announcements, note_announced

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DANGER = "我站在楼顶，刚吃了半瓶药，不想活了"


@pytest.fixture
def watch(agent_here, second_here, leader_here, province_here, reached, at):
    """First 李岚, then 陈思远; then the shift leader, then the province. All can be reached."""
    for person in (agent_here, second_here, leader_here, province_here):
        reached(person)
    with acting(leader_here.scope):
        services.arrange_watch(actor=leader_here, account_ids=[agent_here.account_id, second_here.account_id], at=at)
    return [agent_here, second_here, leader_here, province_here]


def called(step: int) -> list[int]:
    with acting(EVERYTHING):
        return sorted(Call.objects.filter(step=step).values_list("account_id", flat=True))


def the_alert() -> Alert:
    with acting(EVERYTHING):
        return Alert.objects.get()


def token_in(gateway, number: int = -1) -> str:
    return str(gateway.got[number]["message"].split("/alerts/")[1].split()[0])


def test_the_first_of_the_watch_is_called_at_once(watch, say, gateway, at):
    say(DANGER)
    assert called(0) == [watch[0].account_id]
    assert services.send_calls(at=at) == 1
    [sent] = gateway.got
    assert "特急" in sent["title"]
    assert "https://qingting.example/alerts/" in sent["message"]
    assert "楼顶" not in sent["message"]
    with acting(EVERYTHING):
        assert Call.objects.get().state == "SENT"
        assert bytes(Call.objects.get().token_sealed) == b""


def test_nobody_acknowledges_and_it_climbs_every_sixty_seconds(watch, say, gateway, at):
    say(DANGER)
    services.send_calls(at=at)
    assert clocks.tick(at=at + timedelta(seconds=59)) == 0
    for step in (1, 2, 3):
        when = at + timedelta(seconds=60 * step)
        assert clocks.tick(at=when) == 1
        assert clocks.tick(at=when) == 0
        assert called(step) == [watch[step].account_id]
        services.send_calls(at=when)
    assert len(gateway.got) == 4
    with acting(EVERYTHING):
        rungs = list(Call.objects.order_by("step").values_list("rung", flat=True))
        climbs = Entry.objects.filter(name="reception.alert-climbed").count()
    assert rungs == ["DUTY", "DUTY", "LEADER", "PROVINCE"]
    assert climbs == 4


def test_at_the_top_the_last_is_called_again(watch, say, at):
    say(DANGER)
    for minute in range(1, 5):
        clocks.tick(at=at + timedelta(minutes=minute))
    assert called(4) == [watch[3].account_id]


def test_looking_at_the_link_acknowledges_nothing_the_button_does(watch, say, gateway, at):
    say(DANGER)
    services.send_calls(at=at)
    phone, address = Client(), reverse("reception-link", args=[token_in(gateway)])
    page = phone.get(address).content.decode()
    assert "我来处理" in page
    phone.head(address)
    assert the_alert().state == "OPEN"
    answer = phone.post(reverse("reception-acknowledge", args=[token_in(gateway)]), follow=True)
    assert "由您处理" in answer.content.decode()
    alert = the_alert()
    assert (alert.state, alert.acknowledged_by_account_id) == ("ACKNOWLEDGED", watch[0].account_id)
    with acting(EVERYTHING):
        entry = Entry.objects.get(name="reception.alert-acknowledged")
        assert Clock.objects.get(subject_kind="alert").met_at is not None
    assert (entry.account_id, entry.acting_as) == (watch[0].account_id, "person")


def test_acknowledged_it_climbs_no_more(watch, say, gateway, at):
    say(DANGER)
    services.send_calls(at=at)
    services.acknowledge(token=token_in(gateway), at=at + timedelta(seconds=20))
    clocks.tick(at=at + timedelta(seconds=120))
    assert called(1) == []


def test_of_two_links_the_first_counts_and_the_other_is_told(watch, say, gateway, at):
    say(DANGER)
    services.send_calls(at=at)
    clocks.tick(at=at + timedelta(seconds=60))
    services.send_calls(at=at + timedelta(seconds=60))
    services.acknowledge(token=token_in(gateway, 1), at=at + timedelta(seconds=70))
    services.acknowledge(token=token_in(gateway, 0), at=at + timedelta(seconds=75))
    assert the_alert().acknowledged_by_account_id == watch[1].account_id
    page = Client().get(reverse("reception-link", args=[token_in(gateway, 0)])).content.decode()
    assert "陈思远 已经在处理" in page


def test_an_unknown_link_opens_nothing(house):
    assert Client().get(reverse("reception-link", args=["x" * 32])).status_code == 404
    with pytest.raises(NotFound):
        services.acknowledge(token="y", at=NIGHT)


@pytest.fixture
def two(agent_here, second_here, leader_here, at):
    """Two on the watch; who of them can be reached is for the test to say."""
    with acting(leader_here.scope):
        services.arrange_watch(actor=leader_here, account_ids=[agent_here.account_id, second_here.account_id], at=at)
    return agent_here, second_here


def test_a_dead_channel_calls_the_next_at_once(two, reached, say, gateway, at):
    agent_here, second_here = two
    reached(agent_here, "127.0.0.1:9")  # nobody listens there
    reached(second_here)
    say(DANGER)
    services.send_calls(at=at)
    assert called(1) == []
    services.send_calls(at=at)  # the second try fails, too
    assert called(1) == [second_here.account_id]
    services.send_calls(at=at)
    assert len(gateway.got) == 1
    with acting(EVERYTHING):
        states = list(Call.objects.order_by("step").values_list("state", flat=True))
    assert states == ["FAILED", "SENT"]


def test_somebody_without_a_phone_is_passed_over_at_once(two, reached, say, at):
    _, second_here = two
    reached(second_here)
    say(DANGER)
    services.send_calls(at=at)
    assert called(1) == [second_here.account_id]


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_and_climbs_without_a_transaction_around_it(two, reached, say, gateway, at):
    """As in the worker: each step has to open its own, or row-level security shows it nothing."""
    _, second_here = two
    reached(second_here)
    say(DANGER)
    services.send_calls(at=at)
    services.send_calls(at=at)
    assert len(gateway.got) == 1
    with acting(EVERYTHING), transaction.atomic():
        states = list(Call.objects.order_by("step").values_list("state", flat=True))
    assert states == ["FAILED", "SENT"]


def test_when_nobody_can_be_reached_every_seat_is_told(leader_here, province_here, say, at):
    say(DANGER)
    for _ in range(4):
        services.send_calls(at=at)
    with acting(EVERYTHING):
        kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {"reception.alert", "reception.unheard"} <= kinds


def test_a_worse_sign_calls_again_from_the_first_and_the_same_does_not(watch, say, at):
    say("我要找人")
    say("有老师在吗")
    assert called(0) == [watch[0].account_id]
    say(DANGER)
    assert called(0) == [watch[0].account_id] * 2
    say("我真的不想活了，药已经吃下去了")
    assert called(0) == [watch[0].account_id] * 2
    assert the_alert().level == "CRITICAL"


def test_taken_at_a_seat_the_alert_is_over(watch, talk, say, gateway, second_here, at):
    say(DANGER)
    services.send_calls(at=at)
    take(second_here, talk, at)
    assert the_alert().state == "ENDED"
    clocks.tick(at=at + timedelta(minutes=2))
    assert called(1) == []
    assert "已有人接手" in Client().get(reverse("reception-link", args=[token_in(gateway)])).content.decode()


@pytest.fixture
def telephone(at):
    """Asterisk is heard, and a controller is there."""
    for part in ("controller", "telephone"):
        beat(part, at=at)


@pytest.fixture
def phones(two):
    """Both of the watch have a telephone and nothing else."""
    for person, number in zip(two, ("13900000001", "13900000002"), strict=True):
        with acting(person.scope):
            services.add_target(actor=person, kind="PHONE", label="", address=number, at=NIGHT)
    return two


def rung(at) -> list[str]:
    """Numbers that a controller dials now."""
    with acting(EVERYTHING):
        return [due.number for due in claim_announcements(free=9, at=at)]


def came_of_it(outcome, at):
    """The same for every telephone that rings."""
    with acting(EVERYTHING):
        for attempt in AnnouncementAttempt.objects.filter(ended_at=None):
            note_announced(attempt_id=attempt.pk, outcome=outcome, at=at)


def test_the_key_on_the_telephone_acknowledges_as_the_link_does(telephone, phones, say, at):
    say(DANGER)
    assert rung(at) == ["13900000001"]
    came_of_it("ACKNOWLEDGED", at + timedelta(seconds=12))
    assert (the_alert().state, the_alert().acknowledged_by_account_id) == ("ACKNOWLEDGED", phones[0].account_id)
    clocks.tick(at=at + timedelta(minutes=2))
    assert called(1) == []


def test_nobody_picks_up_so_the_next_telephone_rings_without_waiting_for_the_minute(telephone, phones, say, at):
    say(DANGER)
    for seconds in (0, 25):
        assert rung(at + timedelta(seconds=seconds)) == ["13900000001"]
        for part in ("controller", "telephone"):
            beat(part, at=at + timedelta(seconds=seconds + 10))
        came_of_it("NO_ANSWER", at + timedelta(seconds=seconds + 10))
    assert rung(at + timedelta(seconds=40)) == ["13900000002"]
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="reception.call-ended", data__state="FAILED").count() == 1


def test_once_somebody_is_on_it_the_other_telephones_fall_silent(telephone, phones, say, second_here, talk, at):
    say(DANGER)
    clocks.tick(at=at + timedelta(seconds=60))
    take(second_here, talk, at + timedelta(seconds=61))
    assert rung(at + timedelta(seconds=62)) == []


def test_without_a_telephone_the_other_channels_go_on_and_the_record_says_so(phones, reached, say, gateway, at):
    reached(phones[0])
    say(DANGER)
    assert rung(at) == []
    with acting(EVERYTHING):
        assert end_announcements_due(at=at) == 1
    services.send_calls(at=at)
    assert len(gateway.got) == 1
    assert called(1) == []
    with acting(EVERYTHING):
        entry = Entry.objects.get(name="telephony.announcement-ended")
    assert entry.data["outcome"] == "NO_TELEPHONE"


def test_trying_one_s_own_telephone_says_later_whether_it_worked(telephone, phones, agent_here, at):
    with acting(agent_here.scope):
        target = Target.objects.get(account_id=agent_here.account_id)
        assert services.try_target(actor=agent_here, target_id=target.pk, at=at) is None
    assert rung(at) == ["13900000001"]
    came_of_it("ACKNOWLEDGED", at)
    with acting(EVERYTHING):
        assert Target.objects.get(pk=target.pk).test_worked


@pytest.mark.parametrize("number", ["110", "120", "12355", "anonymous", "12345"])
def test_no_emergency_and_no_hotline_is_rung_for_an_alert(agent_here, number, at):
    with acting(EVERYTHING):
        put_line(station=Organisation.objects.get(pk=agent_here.organisation_id), details=LineDetails("12355"), at=at)
    with acting(agent_here.scope), pytest.raises(Invalid):
        services.add_target(actor=agent_here, kind="PHONE", label="", address=number, at=at)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("WEBHOOK", "json://10.0.0.1/x"),
        ("WECOM", "json://127.0.0.1/x"),
        ("WEBHOOK", "file:///etc/passwd"),
        ("SHELL", "json://127.0.0.1/x"),
        ("DINGTALK", "dingtalk://"),
    ],
)
def test_an_address_that_may_not_be_is_refused(agent_here, settings, kind, address, at):
    settings.ALERT_WEBHOOK_HOSTS = ["127.0.0.1"]
    with acting(agent_here.scope), pytest.raises(Invalid):
        services.add_target(actor=agent_here, kind=kind, label="", address=address, at=at)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("WECOM", "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"),
        ("DINGTALK", "dingtalk://abc123def456abc123def456abc12345"),
        ("FEISHU", "feishu://abc123def456abc123def456abc12345"),
        ("BARK", "barks://devicekey@api.day.app"),
    ],
)
def test_the_usual_channels_are_taken_and_sealed(agent_here, kind, address, at):
    with acting(agent_here.scope):
        services.add_target(actor=agent_here, kind=kind, label="", address=address, at=at)
        stored = Target.objects.get()
    assert address.encode() not in bytes(stored.sealed)


def test_only_the_shift_leader_arranges_the_watch_and_only_colleagues(agent_here, leader_here, agent_elsewhere, at):
    with acting(agent_here.scope), pytest.raises(NotAllowed):
        services.arrange_watch(actor=agent_here, account_ids=[], at=at)
    with acting(leader_here.scope), pytest.raises(Invalid):
        services.arrange_watch(actor=leader_here, account_ids=[agent_elsewhere.account_id], at=at)


def test_somebody_elsewhere_sees_no_alert(say, agent_elsewhere):
    say(DANGER)
    alert = the_alert()
    with acting(agent_elsewhere.scope), transaction.atomic(), pytest.raises(NotFound):
        selectors.alert_for(agent_elsewhere, alert.pk)


def test_who_waits_is_told_once_that_a_person_has_seen_it(watch, say, talk, gateway, at):
    say("我要找人")
    services.send_calls(at=at)
    services.acknowledge(token=token_in(gateway), at=at + timedelta(seconds=20))
    services.acknowledge(token=token_in(gateway), at=at + timedelta(seconds=25))
    assert [words for words in machine_says(talk) if "一位老师已经看到了" in words] == [machine_says(talk)[-1]]
