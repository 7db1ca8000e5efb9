"""A second counsellor listens in: asked by whoever talks, unheard by the caller, seen by the first, on the record."""

import pytest
from django.urls import reverse

from qingting.core.errors import DomainError, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import selectors, services
from qingting.telephony.models import CallAct, Leg, ListenInvitation
from qingting.telephony.services import Party, Wish
from qingting.telephony.tests.conftest import sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(tree, at):
    person = tree.person("COUNSELLOR", tree.station, "second-counsellor")
    sit_down(person, at)
    return person


@pytest.fixture
def invited(talking, ready, colleague, at, everything):
    return services.invite_to_listen(actor=ready, call_id=talking.id, to_account_id=colleague.account_id, at=at)


def test_a_colleague_sees_the_call_only_while_asked_or_there(talking, ready, colleague, at, everything):
    with pytest.raises(NotFound):
        selectors.call_for(colleague, talking.id)
    services.invite_to_listen(actor=ready, call_id=talking.id, to_account_id=colleague.account_id, at=at)
    assert selectors.call_for(colleague, talking.id) == talking
    act = services.listen_in(actor=colleague, call_id=talking.id, at=at)
    assert (act.kind, act.mode) == ("LISTEN_IN", "LISTEN")
    services.join_leg(call_id=talking.id, party=Party("SECOND", "seat-2", colleague.account_id, "LISTEN"), at=at)
    assert selectors.call_for(colleague, talking.id) == talking
    services.end_leg(call_id=talking.id, channel="seat-2", at=at)
    with pytest.raises(NotFound):
        selectors.call_for(colleague, talking.id)
    with pytest.raises(NotFound):
        services.listen_in(actor=colleague, call_id=talking.id, at=at)


def test_asking_coming_and_going_stand_in_the_journal_and_the_first_sees_who_is_there(
    invited, talking, ready, colleague, at
):
    with acting(EVERYTHING):
        party = Party("SECOND", "seat-2", colleague.account_id, "LISTEN")
        services.join_leg(call_id=talking.id, party=party, at=at)
        services.change_leg(call_id=talking.id, channel="seat-2", mode="WHISPER", at=at)
        services.end_leg(call_id=talking.id, channel="seat-2", at=at)
        told = list(Entry.objects.filter(subject_id=talking.id).order_by("id").values_list("name", flat=True))
        joined = Entry.objects.get(name="telephony.leg-joined", subject_id=talking.id)
    assert told[-4:] == [
        "telephony.invited-to-listen",
        "telephony.leg-joined",
        "telephony.leg-changed",
        "telephony.leg-left",
    ]
    assert (joined.data["kind_label"], joined.data["mode_label"]) == ("第二咨询师", "只听")


def test_asking_twice_is_asking_once_and_not_now_is_told(invited, talking, ready, colleague, at, everything):
    again = services.invite_to_listen(actor=ready, call_id=talking.id, to_account_id=colleague.account_id, at=at)
    assert again.pk == invited.pk
    services.decline_to_listen(actor=colleague, invitation_id=invited.pk, at=at)
    assert ListenInvitation.objects.get().joined is False
    assert Entry.objects.filter(name="telephony.listening-declined").count() == 1
    with pytest.raises(NotFound):
        services.listen_in(actor=colleague, call_id=talking.id, at=at)


@pytest.mark.usefixtures("everything")
def test_nobody_asks_into_somebody_else_s_call_but_a_leader(talking, colleague, leader_here, ready, tree, at):
    third = tree.person("COUNSELLOR", tree.station, "third-counsellor")
    with pytest.raises(NotFound):
        services.invite_to_listen(actor=third, call_id=talking.id, to_account_id=colleague.account_id, at=at)
    services.invite_to_listen(actor=leader_here, call_id=talking.id, to_account_id=colleague.account_id, at=at)
    with pytest.raises(NotAllowed):  # who is asked asks nobody else
        services.invite_to_listen(actor=colleague, call_id=talking.id, to_account_id=third.account_id, at=at)
    with pytest.raises(DomainError, match="不在岗"):
        services.invite_to_listen(actor=ready, call_id=talking.id, to_account_id=third.account_id, at=at)


def test_who_listens_may_whisper_and_never_speak_hang_up_or_take_over(invited, talking, colleague, at, everything):
    services.join_leg(call_id=talking.id, party=Party("SECOND", "seat-2", colleague.account_id, "LISTEN"), at=at)
    leg = str(Leg.objects.get(channel="seat-2").pk)
    whisper = Wish("SET_MODE", leg_id=int(leg), mode="WHISPER")
    assert services.ask_act(actor=colleague, call_id=talking.id, wish=whisper, at=at).mode == "WHISPER"
    for wish in (Wish("SET_MODE", leg_id=int(leg), mode="SPEAK"), Wish("HANG_UP"), Wish("TAKE_OVER")):
        with pytest.raises(NotAllowed):
            services.ask_act(actor=colleague, call_id=talking.id, wish=wish, at=at)


def test_pages_ask_a_colleague_and_the_colleague_comes_by_a_button(talking, ready, colleague, browser):
    first, second = browser(ready), browser(colleague)
    offered = first.get(reverse("workbench:call-listeners", args=[talking.id])).content.decode()
    assert reverse("telephony:invite", args=[talking.id]) in offered
    asked = first.post(reverse("telephony:invite", args=[talking.id]), {"to_account_id": str(colleague.account_id)})
    assert asked.status_code == 204
    assert "已邀请旁听" in first.get(reverse("workbench:call-listeners", args=[talking.id])).content.decode()
    with acting(EVERYTHING):
        invitation = ListenInvitation.objects.get()
    page = second.get(reverse("workbench:listen-invitation", args=[invitation.pk])).content.decode()
    assert "请您一起听一个电话" in page
    assert second.post(reverse("telephony:listen-in", args=[talking.id])).status_code == 202
    with acting(EVERYTHING):
        assert CallAct.objects.get(kind="LISTEN_IN").account_id == colleague.account_id
