"""kill -9 of any part at any moment loses nothing and doubles nothing (R-B6, R-D5)."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qingting.simulation.counsellor import Counsellor
from qingting.simulation.seeker import Seeker
from tests.platform import Platform, eventually

pytestmark = pytest.mark.faults

PARTS = ("web", "worker", "database", "desk")
KILLS, SENTENCES, SEED = 12, 40, 20260522
DANGER = "我站在楼顶，刚吃了半瓶药"


@contextmanager
def things_going_wrong(platform: Platform) -> Iterator[list[str]]:
    """Parts are killed one after another, in an order and at moments drawn from a fixed seed, while the block runs."""
    chance, done, killed = random.Random(SEED), threading.Event(), []

    def kill() -> None:
        order = [part for _ in range(KILLS // len(PARTS)) for part in chance.sample(PARTS, len(PARTS))]
        for part in order:
            platform.kill(part)
            killed.append(part)
            if done.wait(chance.uniform(0.2, 1.5)):
                return

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        killer.join()
        done.set()
        platform.wait_healthy()


def test_a_talk_and_a_handoff_survive_the_death_of_every_part(platform: Platform) -> None:
    counsellor, seeker = Counsellor(platform.staff("counsellor").browser), Seeker(platform.seeker())
    operator = platform.operator()
    before = set(operator.incidents())
    counsellor.be("READY")
    seeker.begin()
    conversation = eventually(lambda: counsellor.stay() or counsellor.take_offer(), "an offer", seconds=180)
    seeker.say(DANGER, key="danger")
    with things_going_wrong(platform) as killed:
        case = _case_of(counsellor, conversation)
        said = _talk(seeker, counsellor, conversation, first=1, last=SENTENCES // 2)
        counsellor.hand_off(case, item=2, words="楼顶，独自一人")
        said += _talk(seeker, counsellor, conversation, first=SENTENCES // 2 + 1, last=SENTENCES)
        (incident,) = eventually(lambda: set(operator.incidents()) - before, "the handoff at the desk", seconds=120)
        _acknowledge(operator, incident)
    assert sorted(set(killed)) == sorted(PARTS)

    stored = platform.sql("SELECT seq, text FROM chat_message WHERE conversation_id = %s ORDER BY seq", conversation)
    assert stored == list(enumerate([DANGER, *said], start=1))
    assert [(m["seq"], m["text"]) for m in seeker.messages()] == stored
    assert set(operator.incidents()) - before == {incident}
    state = "SELECT state, incident_number FROM linkage_handoff WHERE case_id = %s"
    eventually(lambda: [row[0] for row in platform.sql(state, case)] == ["ACKNOWLEDGED"], "签收 at the platform")
    (handoff,) = platform.sql(state, case)
    assert handoff[1] in operator.browser.get(incident).text
    _everything_told_once(platform, case)


def _case_of(counsellor: Counsellor, conversation: int) -> int:
    contact = eventually(lambda: counsellor.contact_of(conversation), "the contact record")
    category = counsellor.fill_in(contact, level="CRITICAL", summary="楼顶，已服药", division="440106")
    counsellor.assess(contact, level="CRITICAL", where="天河区龙口东路")
    return counsellor.open_case(contact, urgency="CRITICAL", division="440106", category=category)


def _talk(seeker: Seeker, counsellor: Counsellor, conversation: int, *, first: int, last: int) -> list[str]:
    said = []
    for number in range(first, last + 1):
        for speaker, say in (("来访者", seeker.say), ("咨询师", lambda t, key: counsellor.say(conversation, t, key))):
            text = f"{speaker}第{number}句"
            say(text, key=f"{speaker}-{number}")
            said.append(text)
    return said


def _acknowledge(operator: object, incident: str) -> None:
    """The desk may be killed between the look and the act: act until it no longer asks for it."""

    def acknowledged() -> bool:
        if "acknowledgement" in operator.can(incident):  # type: ignore[attr-defined]
            operator.act(incident, "acknowledgement")  # type: ignore[attr-defined]
        return "acknowledgement" not in operator.can(incident)  # type: ignore[attr-defined]

    eventually(acknowledged, "the acknowledgement")


def _everything_told_once(platform: Platform, case: int) -> None:
    """One entry for each thing that happened once, one hold for the handoff, and a journal that verifies."""
    told = dict(platform.sql("SELECT name, count(*) FROM core_entry WHERE case_id = %s GROUP BY name", case))
    assert {name: told.get(name) for name in ("cases.opened", "linkage.handed-off", "linkage.acknowledged")} == {
        "cases.opened": 1,
        "linkage.handed-off": 1,
        "linkage.acknowledged": 1,
    }
    holds = "SELECT count(*) FROM cases_casehold WHERE case_id = %s AND kind = 'HANDOFF_OPEN' AND lifted_at IS NULL"
    assert platform.sql(holds, case) == [(1,)]
    platform.command("journal", "seal")
    assert "0 findings" in platform.command("journal", "verify")
