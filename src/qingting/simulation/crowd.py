"""Many people at once: seekers who come at a rate, and those on duty who work until the time is over."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

from qingting.simulation.browser import Browser, RefusedError, from_somewhere
from qingting.simulation.counsellor import Counsellor
from qingting.simulation.county import Office
from qingting.simulation.operators import Operator
from qingting.simulation.seeker import Seeker
from qingting.simulation.tally import Tally

DIVISION = "440106"
REPLIES = ("我在听，你慢慢说。", "谢谢你愿意告诉我。", "听起来这段时间很不容易。", "现在身边有人陪着你吗？")
LOOK_EVERY = 0.4  # seconds between two looks of somebody on duty
LONGEST_TALK = 60.0  # seconds a seeker stays
GRAVE = {"CRITICAL", "URGENT"}


@dataclass
class Scene:
    """What everybody shares: the address, the count, the end, chance, and which talks were dealt with."""

    base: str
    tally: Tally
    over: threading.Event = field(default_factory=threading.Event)
    chance: random.Random = field(default_factory=lambda: random.Random(12355))  # noqa: S311  chance for a play, nothing secret

    def browser(self) -> Browser:
        return from_somewhere(self.base, patience=10, measure=self.tally.measure)


def come_and_talk(scene: Scene, text: str) -> None:
    """A seeker: opens the portal, writes a text sentence by sentence, reads the answers, ends, and rates if asked."""
    browser = scene.browser()
    try:
        seeker = Seeker(browser)
        seeker.begin()
        scene.tally.reached("seeker: came")
        for sentence in _sentences(text):
            seeker.say(sentence)
        scene.tally.reached("seeker: wrote")
        if _answered(scene, seeker):
            scene.tally.reached("seeker: was answered")
        link = _rating(scene, seeker)
        if link:
            seeker.rate(link, scene.chance.randint(3, 5))
            scene.tally.reached("seeker: rated")
    finally:
        browser.close()


def _sentences(text: str) -> list[str]:
    parts = [part.strip() for part in text.replace("！", "。").replace("\n", "。").split("。")]
    return [part for part in parts if part][:6] or [text]


def _within(scene: Scene, condition: Callable[[], object], seconds: float) -> object:
    """What `condition` gives once it is something; None when time or the simulation is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        if scene.over.wait(LOOK_EVERY):
            return condition()
    return None


def _answered(scene: Scene, seeker: Seeker) -> bool:
    return bool(_within(scene, lambda: any(m["author"] == "COUNSELLOR" for m in seeker.messages()), LONGEST_TALK))


def _rating(scene: Scene, seeker: Seeker) -> str:
    return str(_within(scene, lambda: seeker.state()["rating"], LONGEST_TALK) or "")


def at_the_seat(scene: Scene, counsellor: Counsellor) -> None:
    """One look of a counsellor: heartbeat, take what is offered, and bring each talk in hand to its end."""
    counsellor.stay()
    if counsellor.take_offer():
        scene.tally.reached("counsellor: took")
    for conversation in counsellor.in_hand():
        _attend(scene, counsellor, conversation)


def _attend(scene: Scene, counsellor: Counsellor, conversation: int) -> None:
    talk = counsellor.read(conversation)
    said = [message for message in talk["messages"] if message["author"] == "SEEKER"]
    if not said:
        return
    counsellor.say(conversation, scene.chance.choice(REPLIES), key=f"reply-{said[-1]['seq']}")
    contact = counsellor.contact_of(conversation)
    level = talk["danger_level"] or "ROUTINE"
    category = counsellor.fill_in(contact, level=level, summary="模拟：来访者讲述了困扰", division=DIVISION)
    scene.tally.reached("counsellor: registered")
    if level in GRAVE:
        _bring_help(scene, counsellor, contact, level, category)
    counsellor.end(conversation)
    scene.tally.reached("counsellor: ended")


def _bring_help(scene: Scene, counsellor: Counsellor, contact: int, level: str, category: str) -> None:
    counsellor.assess(contact, level=level, where="天河区龙口东路（模拟）")
    case = counsellor.open_case(contact, urgency=level, division=DIVISION, category=category)
    scene.tally.reached("counsellor: opened a case")
    counsellor.send_order(case, urgency=level, division=DIVISION, instructions="请联系监护人并见面（模拟）")
    scene.tally.reached("counsellor: sent an order")
    if level == "CRITICAL":
        counsellor.hand_off(case, item=2, words="模拟")
        scene.tally.reached("counsellor: handed to 110")


def in_the_county(scene: Scene, office: Office) -> None:
    """One look of a handler: accept what came, and hand in what was accepted."""
    for order in office.orders("to-handle"):
        may = office.can(order)
        if "accept" in may:
            office.act(order, "accept")
            scene.tally.reached("county: accepted")
        elif "submit" in may:
            office.act(order, "submit", "已见面，监护人已到场（模拟）")
            scene.tally.reached("county: submitted")


def in_the_city(scene: Scene, office: Office) -> None:
    """One look of a reviewer."""
    for order in office.orders("to-review"):
        if "approve" in office.can(order):
            office.act(order, "approve")
            scene.tally.reached("city: approved")


def at_the_telephone(scene: Scene, office: Office) -> None:
    """One look of whoever follows up."""
    for follow_up in office.due_calls():
        office.call(follow_up, helped="YES", words="好多了（模拟）")
        scene.tally.reached("follow-up: called")


def at_the_desk(scene: Scene, operator: Operator) -> None:
    """One look of the 110 operator: take what came, then report that officers reached the person."""
    for incident in operator.incidents():
        may = operator.can(incident)
        if "acknowledgement" in may:
            operator.act(incident, "acknowledgement")
            scene.tally.reached("110: acknowledged")
        elif "result" in may and "progress" in may:
            operator.act(incident, "result", outcome="PERSON_SAFE", reached="yes")
            scene.tally.reached("110: reported")


def keep_at_it(scene: Scene, look: Callable[[], None]) -> None:
    """Look again and again until the end; a refusal is counted and does not stop anybody."""
    while not scene.over.wait(LOOK_EVERY):
        try:
            look()
        except (RefusedError, httpx.HTTPError) as error:
            scene.tally.refused(error)


def let_them_come(scene: Scene, texts: Sequence[str], *, rate: float, most: int) -> None:
    """Seekers come at `rate` a minute, at most `most` at once, until the end; then those who are there may finish."""
    places, threads = threading.BoundedSemaphore(most), []

    def visit(text: str) -> None:
        try:
            come_and_talk(scene, text)
        except (RefusedError, httpx.HTTPError) as error:
            scene.tally.refused(error)
        finally:
            places.release()

    number = 0
    while not scene.over.wait(60.0 / rate):
        if places.acquire(blocking=False):
            threads.append(threading.Thread(target=visit, args=(texts[number % len(texts)],)))
            threads[-1].start()
            number += 1
        else:
            scene.tally.reached("seeker: found no place")
    for thread in threads:
        thread.join(LONGEST_TALK)
