"""Telephones that speak SIP in their own way: each is answered, waits in the line, talks, and nothing of it stays behind."""

import asyncio
import random

import pytest

from qingting.simulation.telephones.phone import Manner, Phone
from qingting.simulation.telephones.voice import PCMU
from tests.calls.stage import CALLER, Stage, number_for, talk_together, until
from tests.calls.wideband import G722, Opus

pytestmark = pytest.mark.calls

STANDING = "SELECT state FROM duty_waitingentry WHERE subject_kind = 'call' AND state IN ('WAITING', 'OFFERED')"
LONG = tuple((f"x-carrier-{n}", "z" * 80) for n in range(60))
MANNERS = {
    "µ-law": Manner(codec=PCMU),
    "G.722": Manner(codec=G722()),
    "Opus": Manner(codec=Opus()),
    "the voice is described with the ACK": Manner(late_offer=True),
    "a hidden number": Manner(sender='"Anonymous" <sip:anonymous@anonymous.invalid>'),
    "no number at all": Manner(sender="<sip:carrier.example>"),
    "a number as tel": Manner(sender="<tel:+86{number}>"),
    "a name that is no number": Manner(sender="<sip:%27%3BDROP%00%0d%0a@carrier.example>"),
    "a number of 300 digits": Manner(sender=f"<sip:{'1' * 300}@carrier.example>"),
    "a display name of 2000 signs": Manner(sender=f'"{"名" * 2000}" <sip:{{number}}@carrier.example>'),
    "sixty more headers": Manner(more=LONG),
    "session timers": Manner(more=(("supported", "timer"), ("session-expires", "90;refresher=uas"))),
}


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_whoever_calls_in_their_own_manner_is_heard(played, manner):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls(manner=manner)
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        caller.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 15)
        assert await stage.outcome("") == "TALKED"

    played(scene)


@pytest.mark.parametrize("manner", [Manner(), Manner(keys_by_info=True)], ids=["in the voice", "as SIP INFO"])
def test_one_key_chooses_law_however_it_is_sent(played, manner):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        stage.moods["counsellor"] = lambda talk: None
        caller = await stage.calls(manner=manner)
        await until(lambda: stage.recorded("WAITING"), "the call to wait")
        caller.press("2")
        await until(lambda: stage.recorded("WAITING", "LAW"), "the call to be about law")
        assert not caller.ended.is_set()

    played(scene)


def test_a_caller_may_put_the_counsellor_on_hold_and_come_back(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        caller.hold(on=True)
        await asyncio.sleep(1)
        caller.hold(on=False)
        await talk_together(caller, seat)

    played(scene)


def test_a_caller_can_not_send_the_counsellor_elsewhere(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        for one in (caller, seat):
            one.send_away("900123")
            assert await until(lambda one=one: one.answers.get("REFER"), "an answer to REFER") == 603
        await talk_together(caller, seat)

    played(scene)


def test_two_calls_of_one_number_are_two_calls(played):
    async def scene(stage: Stage) -> None:
        number = f"137{random.randrange(10**8):08d}"
        await stage.sits("counsellor")
        first = await stage.calls(number=number)
        seat = await stage.rung("counsellor")
        await talk_together(first, seat)
        second = await stage.calls(number=number)
        await stage.sits("counsellor2")
        other = await stage.rung("counsellor2")
        await talk_together(second, other)
        await talk_together(first, seat)

    played(scene)


def test_who_hangs_up_at_once_leaves_no_ringing_seat_behind(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        stage.moods["counsellor"] = lambda talk: None
        for _ in range(5):
            caller = await stage.calls()
            caller.hang_up()
        await until(lambda: stage.recorded("ENDED") == 5, "all five to be over", seconds=60)
        assert await stage.outcome("") == "ABANDONED"
        await until(lambda: all(talk.ended.is_set() for talk in stage.wire.talks.values()), "nothing to ring")
        assert not stage.platform.sql(STANDING)

    played(scene)


def test_who_cancels_before_or_while_it_is_answered_leaves_nothing_behind(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        stage.moods["counsellor"] = lambda talk: None
        phone = await Phone(CALLER).plug_in()
        stage.phones.append(phone)
        for delay in (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12):
            talk = phone.call("12355", stage.asterisk, caller=number_for())
            await asyncio.sleep(delay)
            talk.hang_up()
        nobody = "SELECT count(*) FROM telephony_call WHERE state <> 'ENDED'"
        await asyncio.sleep(3)  # whoever is still to be written down is
        await until(lambda: stage.platform.sql(nobody) == [(0,)], "all of them to be over", seconds=60)
        await until(lambda: all(talk.ended.is_set() for talk in stage.wire.talks.values()), "nothing to ring")
        assert not stage.platform.sql(STANDING)
        await stage.posts(counsellor, "/duty/presence/set", {"state": "OFFLINE"})
        await stage.sits("counsellor2")
        await talk_together(await stage.calls(), await stage.rung("counsellor2", seconds=60))

    played(scene)


def test_who_gives_up_in_the_line_leaves_it(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        talking = await stage.calls()
        await talk_together(talking, await stage.rung("counsellor"))
        waiting = [await stage.calls() for _ in range(3)]
        await until(lambda: stage.recorded("WAITING") == 3, "three to wait")
        waiting[1].hang_up()
        await until(lambda: stage.recorded("WAITING") == 2, "two to wait")
        assert len(stage.platform.sql(STANDING)) == 2
        assert not waiting[0].ended.is_set()
        assert not waiting[2].ended.is_set()

    played(scene)


def test_after_a_burst_of_many_numbers_the_next_caller_gets_through(played):
    async def scene(stage: Stage) -> None:
        bursting = await Phone(CALLER, listens=False).plug_in()
        stage.phones.append(bursting)
        talks = [bursting.call("12355", stage.asterisk) for _ in range(60)]
        for talk in talks:
            await asyncio.wait_for(talk.answered.wait(), 30)
        for talk in talks:
            talk.hang_up()
        await until(lambda: stage.recorded("ENDED") == 60, "all of them to be over", seconds=90)
        await stage.sits("counsellor2")
        caller = await stage.calls()
        seat = await stage.rung("counsellor2", seconds=60)
        await talk_together(caller, seat)

    played(scene)
