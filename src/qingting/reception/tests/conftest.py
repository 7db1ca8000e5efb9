"""A station at night, a seeker on a phone, people on the watch, and a gateway that keeps what it is sent."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from qingting.chat import services as chat
from qingting.chat.models import Conversation, Message
from qingting.chat.visits import open_visit, seeker_actor
from qingting.core.scope import EVERYTHING, acting
from qingting.knowledge import seeds
from qingting.knowledge.services import load_seeds
from qingting.reception import services

NIGHT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # 23:30 in Beijing


@pytest.fixture
def at() -> datetime:
    """Half past eleven at night."""
    return NIGHT


KNOWN = {"online-loan-debt", "sleep", "bullied", "domestic-violence"}


@pytest.fixture
def house(tree, known_clock_rules, known_categories, monkeypatch):
    """Clock rules, and a few of the articles that the product comes with."""
    few = tuple(article for article in seeds.articles() if article.code in KNOWN)
    monkeypatch.setattr(seeds, "articles", lambda: few)
    load_seeds(at=NIGHT)
    return tree


@pytest.fixture
def seeker(house, at):
    _token, visit = open_visit(house.station, at=at)
    return seeker_actor(visit)


@pytest.fixture
def talk(seeker, at) -> Conversation:
    """A conversation that waits."""
    with acting(seeker.scope):
        return chat.start_conversation(actor=seeker, at=at)


@pytest.fixture
def say(seeker, talk, at):
    """`say(text)`: the seeker writes; returns what the machine answered, as texts."""

    def said(text: str, when: datetime | None = None) -> list[str]:
        before = len(machine_says(talk))
        with acting(seeker.scope):
            chat.post_message(
                actor=seeker, conversation_id=talk.id, text=text, client_key=f"{text}-{before}", at=when or at
            )
        return machine_says(talk)[before:]

    return said


def machine_says(talk) -> list[str]:
    with acting(EVERYTHING), transaction.atomic():
        rows = Message.objects.filter(conversation_id=talk.id, author="MACHINE").order_by("seq")
        return list(rows.values_list("text", flat=True))


class Gateway(ThreadingHTTPServer):
    """Takes what is posted; `works` False answers 500."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.got: list[dict[str, str]] = []
        self.works = True
        self.answer: dict[str, object] = {}
        self.hold = threading.Event()
        self.hold.set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Taking(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.hold.wait(20)
        self.server.got.append(json.loads(body))
        self.send_response(200 if self.server.works else 500)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.answer).encode())

    def log_message(self, *_) -> None:
        return


@pytest.fixture
def gateway():
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.hold.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def reached(gateway, settings):
    """`reached(actor)`: that person's phone is the gateway."""
    settings.ALERT_WEBHOOK_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://qingting.example"

    def add(actor, address: str = "") -> None:
        with acting(actor.scope):
            services.add_target(
                actor=actor,
                kind="WEBHOOK",
                label="短信",
                address=f"json://{address or gateway.address}/{actor.account_id}",
                at=NIGHT,
            )

    return add


@pytest.fixture
def second_here(house):
    """Another counsellor of the station."""
    return house.person("COUNSELLOR", house.station, "陈思远")


@pytest.fixture
def province_here(house):
    """Who hears of it at the province."""
    return house.person("REVIEWER", house.province, "省级值班")
