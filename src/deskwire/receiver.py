"""The receiving desk, without a web framework: give it a request, it gives the signed answer.

A host (Django, Starlette, anything) hands over method, target, headers and the raw body, and writes the
answer back unchanged. `Receiver` proves who calls, checks schema and receiver, and lets `intake` keep and
apply the message in one transaction of the host's `store.Store`.
"""

import json
import logging
import re
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from deskwire import BASE_PATH, SCHEMA_VERSION
from deskwire.canonical import NotCanonicalError, checked, parse
from deskwire.envelope import Envelope
from deskwire.intake import Receipt, take
from deskwire.keys.model import Identity, Keyring
from deskwire.limits import Limits, RateLimiter
from deskwire.moments import Clock, to_wire, utc_now
from deskwire.problems import PROBLEM_TYPE, ProblemError
from deskwire.sending import check_schema
from deskwire.signing import SKEW, Request, Signer, sign_answer, verify_request
from deskwire.store import KeptState, Outgoing, Store

log = logging.getLogger(__name__)
_NUMBER, _CURSOR = re.compile(r"[0-9]{1,6}"), re.compile(r"[!-~]{0,64}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to write back exactly as it is; its signature covers status and body.

    caller: the desk that was proven to ask; empty when nobody was (keep such refusals apart: anybody can
    name a desk).
    """

    status: int
    headers: dict[str, str]
    body: bytes
    caller: str = ""


@dataclass(frozen=True, slots=True)
class _Call:
    request: Request
    headers: Mapping[str, str]
    signer: Signer

    @property
    def path(self) -> str:
        return self.request.target.partition("?")[0]

    def query(self, name: str) -> str:
        values = parse_qs(self.request.target.partition("?")[2], keep_blank_values=True).get(name, [])
        return values[0] if values else ""


_Answer = tuple[int, dict[str, Any]]
_UNSPOKEN = {"path": "/schemaVersion", "schemaPath": "/properties/schemaVersion", "rule": "not spoken by this desk"}


class Receiver:
    """Answers the calls of other desks. Safe to use from several threads when its store is."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        me: Identity,
        clock: Clock = utc_now,
        limits: Limits | None = None,
        versions: Sequence[str] = (SCHEMA_VERSION,),
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._me = me
        self._clock = clock
        self._limits = limits or Limits()
        self._versions = tuple(versions)
        self._rate = RateLimiter(self._limits.per_second, self._limits.burst)

    def receive(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request. `path` is the target as sent, with its query; header names in any case."""
        low = {name.lower(): value for name, value in headers.items()}
        request = Request(method.upper(), path, body)
        caller = ""
        try:
            call = self._proven(request, low)
            caller = call.signer.desk
            status, document = self._admitted(call)
            more: Mapping[str, str] = {}
        except ProblemError as problem:
            status, document, more = problem.kind.status, problem.to_document(), problem.headers
        except Exception as error:  # noqa: BLE001 - any fault of ours must reach the caller as "try again"
            _log_without_values(error)
            fault = ProblemError("internal")
            status, document, more = fault.kind.status, fault.to_document(), {}
        return replace(self._signed(status, document, low, more), caller=caller)

    def accept(self, document: Mapping[str, Any], sender: str) -> Receipt:
        """Take a message that was pulled from the desk `sender`; ProblemError when it is refused."""
        try:
            message = self._checked(checked(document), sender)
        except NotCanonicalError as error:
            raise ProblemError("malformed", str(error)) from error
        with self._store.transaction(message.link_id, message.matter) as tx:
            return take(tx, message, self._clock(), self._limits.max_ahead)

    def _proven(self, request: Request, headers: Mapping[str, str]) -> _Call:
        if len(request.body) > self._limits.max_bytes:
            raise ProblemError("too-large", maxBytes=self._limits.max_bytes)
        signer = verify_request(request, headers, self._me.desk, self._keyring, self._clock())
        return _Call(request, headers, signer)

    def _admitted(self, call: _Call) -> _Answer:
        """Once each, then not too often: whoever replays a recorded request uses up nothing of its desk's share."""
        handler = self._handler(call)
        pulse = handler == self._health  # its nonce is not kept, so it has a share of its own
        if not pulse:
            self._once(call.signer)
        wait = self._rate.wait(f"{call.signer.desk} {'pulse' if pulse else 'calls'}", self._clock())
        if wait:
            raise ProblemError("rate-limited", headers={"retry-after": str(wait)})
        return handler(call)

    def _handler(self, call: _Call) -> Callable[[_Call], _Answer]:
        routes: dict[str, Callable[[_Call], _Answer]]
        if call.path == f"{BASE_PATH}/messages":
            routes = {"POST": self._post, "GET": self._pull}
        elif call.path == f"{BASE_PATH}/health":
            routes = {"GET": self._health}
        elif call.path.startswith(f"{BASE_PATH}/links/"):
            routes = {"GET": self._link}
        else:
            raise ProblemError("not-found")
        if call.request.method not in routes:
            raise ProblemError("method-not-allowed", headers={"allow": ", ".join(routes)})
        return routes[call.request.method]

    def _post(self, call: _Call) -> _Answer:
        if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise ProblemError("media-type")
        try:
            document = parse(call.request.body)
        except NotCanonicalError as error:
            raise ProblemError("malformed", str(error)) from error
        message = self._checked(document, call.signer.desk)
        with self._store.transaction(message.link_id, message.matter) as tx:
            receipt = take(tx, message, self._clock(), self._limits.max_ahead)
        return 202, receipt.to_wire()

    def _checked(self, document: Mapping[str, Any], sender: str) -> Envelope:
        check_schema(document)
        if document["schemaVersion"] not in self._versions:
            raise ProblemError("schema", errors=[_UNSPOKEN])
        message = Envelope(document)
        if message.sender.desk != sender:
            raise ProblemError("sender-mismatch")
        if message.receiver.desk != self._me.desk:
            raise ProblemError("wrong-receiver", f"this is {self._me.desk}")
        return message

    def _pull(self, call: _Call) -> _Answer:
        after, asked = call.query("after"), call.query("limit") or "100"
        if not _NUMBER.fullmatch(asked) or not _CURSOR.fullmatch(after):
            raise ProblemError("malformed", "after or limit cannot be read")
        limit = max(1, min(int(asked), self._limits.max_page))
        with self._store.transaction(None) as tx:
            try:
                found = list(tx.outgoing(call.signer.desk, after, limit + 1))
            except ValueError as error:
                raise ProblemError("malformed", "after is not a cursor of this desk") from error
        page = self._page(found[:limit])
        return 200, {
            "messages": [dict(item.message.document) for item in page],
            "next": page[-1].cursor if page else after,
            "more": len(page) < len(found),
        }

    def _page(self, found: list[Outgoing]) -> list[Outgoing]:
        size = 0
        page: list[Outgoing] = []
        for item in found:
            size += len(item.message.to_bytes())
            if page and size > self._limits.max_page_bytes:
                break
            page.append(item)
        return page

    def _link(self, call: _Call) -> _Answer:
        link_id = call.path.removeprefix(f"{BASE_PATH}/links/")
        if not _UUID.fullmatch(link_id):
            raise ProblemError("not-found")
        with self._store.transaction(None) as tx:
            link = tx.find_link(link_id)
            if link is None or link.peer.desk != call.signer.desk:
                raise ProblemError("not-found")
            unapplied = tx.unapplied(link_id)
        return 200, {
            "linkId": link_id,
            "state": str(link.state),
            "fromYou": {
                "lastSeq": link.last_received,
                "held": [k.message.seq for k in unapplied if k.state is KeptState.HELD],
                "refused": [k.message.seq for k in unapplied if k.state is KeptState.REFUSED],
            },
            "toYou": {"lastSeq": link.last_sent},
        }

    def _health(self, _call: _Call) -> _Answer:
        # Changes nothing and tells nothing about a person, so its nonce is not remembered: it stays cheap.
        return 200, {
            **self._me.party.to_wire(),
            "time": to_wire(self._clock()),
            "versions": list(self._versions),
            "maxBytes": self._limits.max_bytes,
        }

    def _once(self, signer: Signer) -> None:
        """Use the nonce up in a transaction of its own: it stays used when the request is refused afterwards."""
        with self._store.transaction(None) as tx:
            if not tx.use_nonce(signer.desk, signer.nonce, signer.created + 2 * SKEW):
                raise ProblemError("replayed")

    def _signed(
        self, status: int, document: Mapping[str, Any], asked: Mapping[str, str], more: Mapping[str, str]
    ) -> Response:
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        signature = sign_answer(
            status, body, asked.get("signature", ""), self._me, self._clock(), secrets.token_urlsafe(16)
        )
        kind = "application/json" if status < 400 else PROBLEM_TYPE
        return Response(status, {"content-type": kind, "cache-control": "no-store", **more, **signature}, body)


def _log_without_values(error: Exception) -> None:
    # An error's text can repeat what a message said; where it happened is enough to find it.
    frames = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
    log.error("deskwire request failed: %s at %s", type(error).__name__, " > ".join(frames[-4:]))
