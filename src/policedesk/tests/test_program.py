"""The program itself: first start, keys that come later, and kill -9 at any moment."""

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

import policedesk
from deskwire.conformance.__main__ import main as conformance
from deskwire.moments import utc_now
from policedesk.tests.pages import forms_of
from policedesk.tests.peer import PeerDesk, handler_of, send_until_there, wait_for

pytestmark = pytest.mark.slow

SOURCE = str(Path(policedesk.__file__).parent.parent)


class Program:
    """`python -m policedesk` as a process of its own, on a free port."""

    def __init__(self, home: Path, peer_url: str, *more: str) -> None:
        self.home, self.more = home, ["--peer-url", peer_url, *more]
        self.url = self.password = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        port = self.url.rpartition(":")[2] or "0"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "policedesk", "--port", port, "--data", str(self.home), *self.more],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": SOURCE, "POLICEDESK_DEMO_PASSWORD": self.password},
        )
        output: Iterable[str] = self.process.stdout or ()
        self.url = next(text for text in output if "http://" in text).split()[-1].rstrip("/")
        wait_for(self.answers)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(10)
            if self.process.stdout:
                self.process.stdout.close()


@pytest.fixture
def program(tmp_path, peer):
    made = Program(tmp_path / "desk", peer.url, "--auto-acknowledge", "all")
    yield made
    made.kill()


def introduce(program: Program, peer: PeerDesk) -> None:
    shutil.copy(program.home / "desk-110.pub.json", peer.public_key.parent / "desk-110.pub.json")
    shutil.copy(peer.public_key, program.home / "keys" / "desk-12355.pub.json")


def test_the_first_start_makes_a_key_and_the_peer_s_key_may_come_later(program, peer):
    program.start()
    assert stat.S_IMODE((program.home / "keys" / "desk-110.key.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((program.home / "desk.sqlite3").stat().st_mode) == 0o600
    assert json.loads((program.home / "desk-110.pub.json").read_text())["desk"] == "desk-110"
    introduce(program, peer)
    handoff = peer.hand_off()
    send_until_there(lambda: peer.client(program.url), handoff)
    wait_for(lambda: [m.in_reply_to for m in peer.applied()] == [handoff.message_id])
    program.kill(signal.SIGTERM)
    assert program.process.returncode in {0, -signal.SIGTERM}, "it stopped by itself, not by force"


@pytest.mark.faults
def test_killed_again_and_again_nothing_is_lost_and_nothing_doubled(program, peer):
    program.start()
    introduce(program, peer)
    handoffs = []
    for _ in range(6):
        for _ in range(5):
            handoffs.append(peer.hand_off())
            send_until_there(lambda: peer.client(program.url), handoffs[-1])
        program.kill()
        handoffs.append(peer.hand_off())
        program.start()
        send_until_there(lambda: peer.client(program.url), handoffs[-1])
    wait_for(lambda: len(peer.applied()) >= len(handoffs), 60)
    answers = peer.applied()
    assert sorted(m.in_reply_to for m in answers) == sorted(m.message_id for m in handoffs)
    assert len({m.body["incidentNo"] for m in answers}) == len(handoffs)
    wait_for(lambda: httpx.get(f"{program.url}/healthz", trust_env=False).json()["undelivered"] == 0)
    with sqlite3.connect(program.home / "desk.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM incidents").fetchone()[0] == len(handoffs)
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.faults
def test_killed_in_mid_sending_the_outbox_goes_on_where_it_was(program, peer):
    program.start()
    introduce(program, peer)
    first = peer.hand_off()
    send_until_there(lambda: peer.client(program.url), first)
    wait_for(peer.applied)
    peer.close()
    handoffs = [peer.hand_off() for _ in range(20)]
    for handoff in handoffs:
        send_until_there(lambda: peer.client(program.url), handoff)
    program.kill()
    again = _same_peer_again(peer)
    for _ in range(3):
        program.start()
        seen = len(peer.applied())
        wait_for(lambda seen=seen: len(peer.applied()) > seen or len(peer.applied()) == 21)
        program.kill()
    program.start()
    wait_for(lambda: len(peer.applied()) == 21, 60)
    assert len({m.in_reply_to for m in peer.applied()}) == 21
    again.shutdown()
    again.server_close()


def _same_peer_again(peer: PeerDesk):
    """Let the same 12355 desk answer again under its old address."""
    address = ("127.0.0.1", int(peer.url.rpartition(":")[2]))
    server = ThreadingHTTPServer(address, handler_of(peer.receiver))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def test_an_open_page_hears_of_a_new_handoff_within_a_second(program, peer):
    program.more += ["--demo"]
    program.password = "demonstration"
    program.start()
    introduce(program, peer)
    with httpx.Client(base_url=program.url, trust_env=False, timeout=10) as page:
        fields = forms_of(page.get("/sign-in").text)["/sign-in"]
        page.post("/sign-in", data={**fields, "code": "110001", "password": program.password})
        with page.stream("GET", "/live") as live:
            events = (line for line in live.iter_lines() if line.startswith("data:"))
            next(events)
            handoff = peer.hand_off()
            send_until_there(lambda: peer.client(program.url), handoff)
            began = utc_now()
            while handoff.link_id not in page.get("/incidents/rows").text:
                next(events)
            assert (utc_now() - began).total_seconds() < 1


def test_operators_are_saved_from_the_command_line(tmp_path):
    def save(password: str) -> int:
        command = [sys.executable, "-m", "policedesk", "operator", "110077", "李警官", "--data", str(tmp_path)]
        done = subprocess.run(
            command, input=password + "\n", text=True, check=False, env={**os.environ, "PYTHONPATH": SOURCE}
        )
        return done.returncode

    assert save("short") == 1
    assert save("a password of some length") == 0


def test_the_desk_keeps_every_promise_of_the_protocol(tmp_path, peer, capsys):
    desk = Program(tmp_path / "desk", peer.url, "--auto-acknowledge", "drills")
    desk.start()
    introduce(desk, peer)
    key = str(peer.public_key.parent / "desk-12355.key.json")
    options = ["--url", desk.url, "--key", key, "--peer-key", str(desk.home / "desk-110.pub.json")]
    try:
        assert conformance([*options, "--reply-timeout", "10", "--json"]) == 0
    finally:
        desk.kill()
    report = json.loads(capsys.readouterr().out)
    assert {case["outcome"] for case in report["cases"]} == {"passed"}
