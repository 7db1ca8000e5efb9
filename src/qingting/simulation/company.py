"""The whole company: who plays whom, how many seekers come a minute, and when it ends."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qingting.simulation import crowd
from qingting.simulation.bench.stand import Stand
from qingting.simulation.browser import Browser
from qingting.simulation.counsellor import Counsellor
from qingting.simulation.county import Office
from qingting.simulation.crowd import Scene
from qingting.simulation.operators import sign_in_at_desk
from qingting.simulation.staff import sign_in
from qingting.simulation.tally import Tally

OWN_TEXTS = Path(__file__).parent / "data" / "texts.jsonl"
MOST_MINUTES, MOST_ACTORS = 240, 200
PATIENCE = 60
Look = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """rate: new seekers a minute; minutes: how long they come; actors: most seekers at a time; texts: a JSONL file with a
    field `text`; linger: seconds for what has begun to come to its end."""

    rate: float = 6
    minutes: float = 5
    actors: int = 20
    texts: Path = OWN_TEXTS
    linger: float = 30


def read_texts(file: Path) -> list[str]:
    """The texts of a JSONL file. Raises ValueError where there are none."""
    lines = (json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip())
    texts = [str(line["text"]).strip() for line in lines if str(line.get("text") or "").strip()]
    if not texts:
        raise ValueError(f"{file} holds no line with a text")
    return texts


class Company:
    """Everybody, each in a thread of their own."""

    def __init__(self, stand: Stand, plan: Plan) -> None:
        self._stand, self._plan = stand, plan
        self._texts = read_texts(plan.texts)
        self._tally = Tally()
        self._coming, self._working = Scene(stand.http, self._tally), Scene(stand.http, self._tally)

    def play(self) -> dict[str, Any]:
        """From the first sign-in to the summary."""
        threads = [threading.Thread(target=crowd.keep_at_it, args=(self._working, look)) for look in self._on_duty()]
        for thread in threads:
            thread.start()
        try:
            self._let_them_come()
            self._wait_for_the_last()
        finally:
            self._working.over.set()
            for thread in threads:
                thread.join(PATIENCE)
        return self._tally.summary()

    def _on_duty(self) -> list[Look]:
        scene, accounts = self._working, self._stand.accounts()

        def signed_in(username: str) -> Browser:
            browser = Browser(self._stand.http, patience=PATIENCE, measure=self._tally.measure)
            return sign_in(accounts[username], browser).browser

        desk = sign_in_at_desk(
            self._stand.desk_operator(), Browser(self._stand.desk, patience=PATIENCE, measure=self._tally.measure)
        )
        counsellors = [Counsellor(signed_in(name)) for name in ("counsellor", "counsellor2")]
        for counsellor in counsellors:
            counsellor.be("READY")
        offices = {"handler": crowd.in_the_county, "reviewer": crowd.in_the_city, "followup": crowd.at_the_telephone}
        return [
            *(partial(crowd.at_the_seat, scene, counsellor) for counsellor in counsellors),
            *(partial(look, scene, Office(signed_in(name))) for name, look in offices.items()),
            partial(crowd.at_the_desk, scene, desk),
        ]

    def _let_them_come(self) -> None:
        """Seekers come for the planned minutes; those who are there then may finish."""
        end = threading.Timer(self._plan.minutes * 60, self._coming.over.set)
        end.start()
        try:
            crowd.let_them_come(self._coming, self._texts, rate=self._plan.rate, most=self._plan.actors)
        finally:
            end.cancel()

    def _wait_for_the_last(self) -> None:
        """Until every order is approved and every handoff reported, or patience is over."""
        until = time.monotonic() + self._plan.linger
        while time.monotonic() < until and not self._all_done():
            time.sleep(0.5)

    def _all_done(self) -> bool:
        pairs = (("city: approved", "counsellor: sent an order"), ("110: reported", "counsellor: handed to 110"))
        return all(self._tally.count(done) >= self._tally.count(begun) for done, begun in pairs)
