"""Random people doing random acts on the same orders, over HTTP and at once, while somebody else pulls the plugs.

Each deed carries words of its own, so that afterwards it is known of each whether it was answered, refused, or cut off in
the middle: what was answered must stand there once, what was refused not at all, what was cut off once or not at all.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg

from qingting.orders.states import MOVES, SYSTEM, Move
from qingting.simulation.browser import Browser, RefusedError
from tests.platform import Platform, eventually

DONE, REFUSED, CUT_OFF = "done", "refused", "cut off"
# What somebody holds at this moment is left alone, as the platform's own parts leave it alone: an act that has just met a
# clock must not find it running again.
_AGES = """WITH whole AS (SELECT id FROM orders_workorder WHERE id = %s FOR UPDATE SKIP LOCKED),
late AS (
  SELECT c.id, c.due_at - now() + interval '1 second' AS ahead FROM core_clock c JOIN whole ON whole.id = c.subject_id
  WHERE subject_kind = 'order' AND next_check_at IS NOT NULL AND breached_at IS NULL AND due_at > now() FOR UPDATE OF c SKIP LOCKED),
moved AS (UPDATE core_clock c SET started_at = started_at - ahead, warn_at = warn_at - ahead, due_at = due_at - ahead,
    next_check_at = c.due_at - ahead FROM late WHERE c.id = late.id RETURNING c.subject_id, c.due_at)
UPDATE orders_workorder o SET due_at = least(o.due_at, (SELECT min(due_at) FROM moved)) FROM moved WHERE o.id = moved.subject_id
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, and the organisation they act for. An outsider is nobody's party and must be shown nothing."""

    name: str
    organisation: int
    browser: Browser
    outsider: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One try: who, which act on which order (`send`: a new one of a case), its own words, and what came of it."""

    who: str
    act: str
    subject: int
    words: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Order:
    """As it is stored."""

    id: int
    number: str
    case: int
    state: str
    parties: dict[str, int]


@dataclass
class Storm:
    """`run()` lets everybody act for so many seconds, each in a thread of their own, led by chance from `seed`.

    houses: organisations that may be asked to handle or to help; accounts: people who may be assigned.
    """

    platform: Platform
    people: list[Person]
    cases: list[int]
    houses: list[int]
    accounts: list[int]
    seed: int
    deeds: list[Deed] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    troubles: list[BaseException] = field(default_factory=list)
    _count: int = 0
    _still: psycopg.Connection[Any] | None = None
    _look: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, goes_on: Callable[[], bool]) -> None:
        """Until `goes_on` says no; raises what went wrong in any thread."""
        threads = [threading.Thread(target=self._live, args=(person, goes_on)) for person in self.people]
        threads.append(threading.Thread(target=self._let_time_go_by, args=(goes_on,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.troubles:
            raise self.troubles[0]

    @property
    def tally(self) -> Counter[str]:
        """How many of each outcome, and of each act that went through."""
        return Counter([deed.outcome for deed in self.deeds] + [d.act for d in self.deeds if d.outcome == DONE])

    def calm_down(self) -> None:
        """Nothing of the storm goes on any more, and what is asked from now on is of one and the same moment.

        A request that somebody gave up may still be at work in the web process: it goes with that, and the database has taken
        back what it had begun once no transaction is older. The worker goes on, but in one snapshot of the database every act
        and every step of a clock is there whole or not at all.
        """
        self.platform.kill("web")
        ((now,),) = self.platform.sql("SELECT clock_timestamp()")
        older = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND xact_start < %s"
        )
        eventually(lambda: self.platform.sql(older, now) == [(0,)], "what was cut off to be taken back", seconds=120)
        self.platform.wait_healthy()
        due = "SELECT count(*) FROM core_clock WHERE next_check_at <= now()"
        eventually(
            lambda: self.platform.sql(due) == [(0,)], f"the clocks to be moved on (seed {self.seed})", seconds=120
        )
        self._still = psycopg.connect(self.platform.database)
        self._still.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._still.read_only = True
        self._still.execute("SET app.everything = 'on'")

    def be_over(self) -> None:
        """Let go of that moment."""
        if self._still is not None:
            self._still.close()

    def sql(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """A question about the moment at which it had calmed down."""
        assert self._still is not None, "it has not calmed down yet"
        return list(self._still.execute(query, parameters).fetchall())

    def orders(self) -> list[Order]:
        """Those of the cases, as they are stored now, or were when it had calmed down."""
        ask = self._asked if self._still is None else self.sql
        rows = ask(
            "SELECT id, number, case_id, state, organisation_id, handler_organisation_id, reviewer_organisation_id"
            " FROM orders_workorder WHERE case_id = ANY(%s) ORDER BY number",
            self.cases,
        )
        names = ("origin", "handler", "reviewer")
        return [Order(*row[:4], dict(zip(names, row[4:], strict=True))) for row in rows]

    def _asked(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """A question on this thread's own connection, which is made anew where the database was killed."""
        while True:
            try:
                if getattr(self._look, "open", None) is None:
                    self._look.open = psycopg.connect(self.platform.database, autocommit=True)
                    self._look.open.execute("SET app.everything = 'on'")
                return list(self._look.open.execute(query, parameters).fetchall())
            except psycopg.OperationalError:
                self._look.open = None
                time.sleep(0.1)

    def _live(self, person: Person, goes_on: Callable[[], bool]) -> None:
        chance = random.Random(f"{self.seed} {person.name}")
        try:
            while goes_on():
                self._one_deed(person, chance)
        except BaseException as trouble:  # noqa: BLE001  (raised again by run)
            self.troubles.append(trouble)

    def _one_deed(self, person: Person, chance: random.Random) -> None:
        orders = self.orders()
        if not orders or (person.name == "counsellor" and len(orders) < 40 and chance.random() < 0.08):
            self._send(person, chance)
            return
        order = chance.choice([one for one in orders if self._mine(person, one)] or orders)
        if person.outsider:
            time.sleep(0.3)  # leaves the doors to those who work
            order = chance.choice(orders)
            if chance.random() < 0.5:
                self._peep(person, order)
                return
        act = self._fitting(person, order, chance)
        fields = self._fields(MOVES[act], order, orders, chance)
        self._try(person, (act, order.id), f"/orders/{order.id}/{act}", fields)

    def _fitting(self, person: Person, order: Order, chance: random.Random) -> str:
        """Mostly an act of the order's state that is this person's; sometimes any at all."""
        open_ones = self._mine(person, order)
        wanted = [m for m in MOVES.values() if SYSTEM not in m.by] if chance.random() < 0.15 else open_ones
        straight = [m for m in open_ones if m.prominent and m.target]
        if straight and chance.random() < 0.4:
            wanted = straight
        return chance.choice(wanted or list(MOVES.values())[:-1]).act

    def _mine(self, person: Person, order: Order) -> list[Move]:
        """Acts of the order's state that are this person's by their organisation."""
        mine = {by for by, house in order.parties.items() if house == person.organisation}
        return [move for move in MOVES.values() if order.state in move.sources and mine.intersection(move.by)]

    def _fields(self, move: Move, order: Order, orders: list[Order], chance: random.Random) -> dict[str, Any]:
        near = order.parties["origin"] if chance.random() < 0.05 else chance.choice(self.houses[:2] + self.houses)
        given: dict[str, dict[str, Any]] = {
            "handler": {"handler": near},
            "organisation": {"organisation": self.houses[-1]},
            "co_handler": {"organisation": self.houses[-1]},
            "account": {"account": chance.choice(self.accounts)},
            "hours": {"hours": chance.randint(1, 48)},
            "days": {"days": chance.randint(1, 30)},
            "target": {"target": chance.choice(orders).number},
            "kind": {"kind": "LEGAL"},
            "instructions": {"instructions": ""},
        }
        return {name: value for form in move.form for name, value in given[form].items()}

    def _send(self, person: Person, chance: random.Random) -> None:
        case = chance.choice(self.cases)
        sent = {"kind": "RIGHTS", "urgency": chance.choice(["ROUTINE", "URGENT", "CRITICAL"]), "division": "440106"}
        fields = {**sent, "handler": self.houses[0], "instructions": ""}
        self._try(person, ("send", case), f"/orders/cases/{case}/send", fields)

    def _try(self, person: Person, what: tuple[str, int], address: str, fields: dict[str, Any]) -> None:
        with self._lock:
            self._count += 1
            words = f"第{self._count}件事"
        told = {**fields, "words": words} | ({"instructions": words} if "instructions" in fields else {})
        outcome = self._outcome(person, address, told)
        if person.outsider and outcome == DONE:
            self.leaks.append(f"{person.name} did {what}")
        self.deeds.append(Deed(person.name, *what, words, outcome))

    def _outcome(self, person: Person, address: str, told: dict[str, Any]) -> str:
        try:
            answer = person.browser.post(address, told)
        except httpx.TransportError:
            time.sleep(0.4)  # the server is away: no use in asking a thousand times a second
            return CUT_OFF
        except RefusedError as refusal:
            if refusal.status >= 500:
                time.sleep(0.4)
            return CUT_OFF if refusal.status >= 500 else REFUSED
        assert "/account/" not in answer.headers.get("location", ""), f"{person.name} was signed out"
        return DONE

    def _peep(self, person: Person, order: Order) -> None:
        """An outsider looks: at the order, at every list, for its number."""
        for address in (f"/orders/{order.id}/", "/orders/?box=all", f"/cases/{order.case}/"):
            try:
                page = person.browser.get(address).text
            except (httpx.TransportError, RefusedError):
                continue
            if order.number in page:
                self.leaks.append(f"{person.name} saw {order.number} on {address}")

    def _let_time_go_by(self, goes_on: Callable[[], bool]) -> None:
        """Deadlines come: all clocks of an order run out at once, now and then."""
        chance = random.Random(f"{self.seed} time")
        try:
            while goes_on():
                time.sleep(chance.uniform(0.3, 1.5))
                if orders := self.orders():
                    self.platform.sql(_AGES, chance.choice(orders).id)
        except BaseException as trouble:  # noqa: BLE001  (raised again by run)
            self.troubles.append(trouble)
