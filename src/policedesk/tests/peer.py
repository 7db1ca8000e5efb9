"""A 12355 desk for tests: an HTTP server on loopback around deskwire's receiver and in-memory store."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from deskwire.client import DeskClient, Peer
from deskwire.envelope import Envelope, MessageType
from deskwire.errors import TransientError
from deskwire.keys import FileKeyring, Identity, Party, new_key
from deskwire.keys.files import write_pair
from deskwire.memory import MemoryStore
from deskwire.moments import utc_now
from deskwire.receiver import Receiver
from deskwire.sending import Draft, new_link, write

YOUTH, POLICE = Party("desk-12355", "440100"), Party("desk-110", "440106")
NEVER = threading.Event()


def wait_for(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait until a condition gives something true, and return that."""
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    while datetime.now(UTC) < end:
        found = condition()
        if found:
            return found
        NEVER.wait(0.02)
    raise AssertionError(f"not within {seconds} s: {getattr(condition, '__name__', condition)}")


def handoff_body(no: int = 1, urgency: str = "CRITICAL", **changes: Any) -> dict[str, Any]:
    return {
        "listItem": {
            "direction": "12355-to-110",
            "no": no,
            "listVersion": "gd-2024-25",
            "urgency": urgency,
            "linkMode": "ONE_CLICK_HANDOFF",
        },
        "workOrderNo": "GD20261122-0007",
        "summary": "来电人称今晚要从天台跳下",
        "disclosureBasis": {"code": "LIFE_AT_STAKE"},
        "retainUntil": (utc_now() + timedelta(days=365)).date().isoformat(),
        **changes,
    }


class PeerDesk:
    """12355's side: serves its own address, keeps what it receives, writes what it is told to."""

    def __init__(self, directory: Path, port: int = 0) -> None:
        key = new_key(YOUTH.desk, utc_now())
        _, self.public_key = write_pair(key, directory, utc_now())
        self.me = Identity(YOUTH, key)
        self.keyring = FileKeyring(directory / "desk-110.pub.json")
        self.store = MemoryStore()
        self.receiver = Receiver(self.store, self.keyring, self.me)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler_of(self.receiver))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up: the address stops answering, and no connection is kept open."""
        self._server.shutdown()
        self._server.server_close()

    def client(self, url: str) -> DeskClient:
        """Make a client for the police desk under a URL."""
        return DeskClient(Peer(POLICE.desk, url), self.me, self.keyring)

    def say(self, type_: MessageType, body: dict[str, Any], link_id: str = "", **more: Any) -> Envelope:
        """Write the next message of a link (a new one for a handoff) into the outbox and return it."""
        with self.store.transaction(None) as tx:
            link = tx.find_link(link_id) or new_link(POLICE, link_id or str(uuid.uuid4()))
            message, after = write(link, Draft(type_, body, **more), YOUTH, utc_now())
            tx.save_link(after)
            tx.sent.append(message)
        return message

    def hand_off(self, no: int = 1, urgency: str = "CRITICAL", **changes: Any) -> Envelope:
        """Write a handoff."""
        drill = bool(changes.pop("drill", False))
        reply_by = changes.pop("reply_by", utc_now() + timedelta(seconds=60))
        body = handoff_body(no, urgency, **changes)
        return self.say(MessageType.HANDOFF, body, reply_by=reply_by, drill=drill)

    def applied(self) -> list[Envelope]:
        """List what was applied, in order."""
        return list(self.store.content.applied)


def send_until_there(client: Callable[[], DeskClient], message: Envelope) -> None:
    """Send a message as an outbox does: again and again until there is a receipt."""

    def sent() -> bool:
        try:
            with client() as caller:
                caller.send(message)
        except TransientError:
            return False
        return True

    wait_for(sent, 60)


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    """Make a request handler that lets a receiver answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.receive(self.command, self.path, headers, body)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    return Handler
