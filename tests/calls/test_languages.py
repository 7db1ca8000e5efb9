"""The second line: greeted in Cantonese, English by one key, and whoever speaks it rings first."""

import asyncio

import pytest

from tests.calls.stage import NUMBERS, Stage, hears_prompt, likeness, talk_together, until

pytestmark = pytest.mark.calls

SECOND = "12356"
SPEAKS = "UPDATE staff_post SET skills = %s WHERE account_id = (SELECT id FROM staff_account WHERE username = %s)"
KNOWN = "SELECT p.id, p.skills FROM staff_post p JOIN staff_account a ON a.id = p.account_id WHERE a.username = ANY(%s)"
SPOKEN = "SELECT language, skill FROM duty_waitingentry WHERE subject_kind = 'call' ORDER BY entered_at DESC LIMIT 1"


@pytest.fixture
def second_line(exchange):
    """A number of its own, in Cantonese, with English and Mandarin by a key."""
    words = ("--station", "广东12355", "--language", "yue", "--also", "en,zh")
    assert "英语按3" in exchange.command("telephone-line", SECOND, *words)
    before = exchange.sql(KNOWN, list(NUMBERS))
    for name, skills in (("counsellor", ["PSYCHOLOGY"]), ("counsellor2", ["PSYCHOLOGY", "CANTONESE"])):
        exchange.sql(SPEAKS, skills, name)
    yield SECOND
    for post, skills in before:
        exchange.sql("UPDATE staff_post SET skills = %s WHERE id = %s", skills, post)
    exchange.command("telephone-line", SECOND, "--close")


def test_the_second_line_greets_in_cantonese_and_rings_who_speaks_it(played, second_line):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        await asyncio.sleep(1)  # idle longer: in Mandarin it would be the first to ring
        await stage.sits("counsellor2")
        stage.moods["counsellor2"] = lambda talk: None
        caller = await stage.calls(dialled=second_line)
        await hears_prompt(caller, "yue", "recording-notice")
        await hears_prompt(caller, "yue", "greeting")
        await hears_prompt(caller, "en", "choose-language")
        assert stage.platform.sql(SPOKEN) == [("yue", "PSYCHOLOGY")]
        ringing = await asyncio.wait_for(stage.rang.setdefault("counsellor2", asyncio.Queue()).get(), 30)
        assert "counsellor" not in stage.rang
        ringing.answer()
        await asyncio.sleep(0.7)
        ringing.press("1")
        await talk_together(caller, ringing)

    played(scene)


def test_one_key_chooses_english_and_the_place_is_told_in_it(played, second_line):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        first = await stage.calls()
        await talk_together(first, await stage.rung("counsellor"))
        caller = await stage.calls(dialled=second_line)
        await hears_prompt(caller, "yue", "recording-notice")
        caller.press("3")
        await until(lambda: stage.platform.sql(SPOKEN) == [("en", "PSYCHOLOGY")], "the line to know")
        await hears_prompt(caller, "en", "greeting")
        await stage.posts(counsellor, "/duty/presence/heartbeat", {})  # the page of a seat that is still there
        await hears_prompt(caller, "en", "you-are-next")
        await hears_prompt(caller, "en", "callback-or-message", seconds=90)

    played(scene)


def test_the_first_line_speaks_mandarin_and_its_keys_mean_no_language(played):
    async def scene(stage: Stage) -> None:
        caller = await stage.calls()
        await hears_prompt(caller, "zh", "recording-notice")
        caller.press("3")
        await hears_prompt(caller, "zh", "nobody-free")
        assert stage.platform.sql(SPOKEN) == [("", "PSYCHOLOGY")]

    played(scene)


def test_prompts_are_told_apart_by_ear():
    from tests.calls.stage import A_LAW, LINEAR, PROMPTS, np

    def spoken(language: str):
        return LINEAR[A_LAW][np.frombuffer((PROMPTS / language / "greeting.alaw").read_bytes(), np.uint8)].astype(float)

    heard = np.concatenate([np.zeros(4000), spoken("yue"), np.zeros(9000)])
    assert likeness(heard, spoken("yue")[:16000]) > 0.95
    assert likeness(heard, spoken("zh")[:8000]) < 0.35
