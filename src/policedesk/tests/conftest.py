"""A police desk in this process and a 12355 desk beside it."""

import shutil
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from deskwire.client import DeskClient, Peer
from deskwire.moments import utc_now
from policedesk.desk import Parts, assemble
from policedesk.settings import read_settings
from policedesk.tests.pages import PASSWORD, Browser
from policedesk.tests.peer import POLICE, PeerDesk
from policedesk.web.app import make_app


class MovableClock:
    """The real time, moved by what a test says."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return utc_now() + self.ahead


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def peer(tmp_path):
    desk = PeerDesk(tmp_path / "peer")
    yield desk
    desk.close()


def introduce(peer: PeerDesk, parts: Parts) -> None:
    """Let both desks have each other's public key, as administrators do."""
    published = parts.settings.data / f"{POLICE.desk}.pub.json"
    shutil.copy(published, Path(peer.public_key).parent / "desk-110.pub.json")
    shutil.copy(peer.public_key, parts.settings.peer_key)


@pytest.fixture
def parts(tmp_path, peer, clock):
    arguments = ["--data", str(tmp_path / "data"), "--peer-url", peer.url]
    made = assemble(read_settings(arguments, {}), clock)
    introduce(peer, made)
    made.operators.save("110001", "陈警官", PASSWORD)
    return made


@pytest.fixture
def browser(parts):
    return Browser(make_app(parts))


@pytest.fixture
def deliver(peer, browser):
    """Send a message of 12355's to the desk, over its web address."""

    def through_the_app(request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        answer = browser.request(request.method, target, content=request.content, headers=dict(request.headers))
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)

    def send(message):
        wire = httpx.MockTransport(through_the_app)
        address = Peer(POLICE.desk, "http://127.0.0.1")
        with DeskClient(address, peer.me, peer.keyring, transport=wire) as client:
            return client.send(message)

    return send
