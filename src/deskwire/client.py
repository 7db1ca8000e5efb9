"""Calling another desk: signed requests, proven answers, typed receipts and typed errors.

Only an answer signed by the other desk is believed. A refusal by something in between (a proxy's 403 or 404)
is never final: the message waits and is tried again.
"""

import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import httpx

from deskwire import BASE_PATH
from deskwire.canonical import NotCanonicalError, read_once
from deskwire.envelope import Envelope
from deskwire.errors import BusyError, DeskError, FinalError, NotTrustedError, UnreachableError
from deskwire.intake import Receipt, ReceiptState
from deskwire.keys.model import Identity, Keyring
from deskwire.moments import Clock, from_wire, utc_now
from deskwire.problems import KINDS, ProblemError
from deskwire.signing import Answer, Request, sign_request, verify_answer
from deskwire.timers import TRANSPORT

LONGEST_WAIT = 120.0
"""Seconds: a longer Retry-After is cut, so that one wrong header cannot silence a desk for a day."""
LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes of an answer that are read at most: twice the largest page the protocol knows."""
LONGEST_CALL = TRANSPORT.connect + TRANSPORT.read
"""Seconds for a whole call: a desk that sends one byte now and then is as good as silent."""
_MAX_CURSOR, _AT_ONCE = 64, 8


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Peer:
    """The desk to call: its id and the root URL it answers under, such as `https://desk.example:8443`."""

    desk: str
    url: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """One page of what the other desk has for me, in order, and where to go on."""

    messages: Sequence[Mapping[str, Any]]
    next: str
    more: bool


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How the other desk sees a link: `applied` is the last of my seqs there, `written` its own last."""

    link_id: str
    state: str
    applied: int
    held: Sequence[int]
    refused: Sequence[int]
    written: int


@dataclass(frozen=True, slots=True)
class Health:
    """The other desk is there."""

    desk: str
    time: datetime
    versions: Sequence[str]


class DeskClient:
    """Calls one other desk. Safe to use from several threads; close it, or use it with `with`."""

    def __init__(
        self,
        peer: Peer,
        me: Identity,
        keyring: Keyring,
        clock: Clock = utc_now,
        *,
        transport: httpx.BaseTransport | None = None,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._peer = peer
        self._me = me
        self._keyring = keyring
        self._clock = clock
        self._not_before: datetime | None = None
        timeout = httpx.Timeout(TRANSPORT.read, connect=TRANSPORT.connect)
        self._http = httpx.Client(
            base_url=peer.url,
            timeout=timeout,
            transport=transport,
            verify=verify,
            trust_env=False,
            headers={"accept-encoding": "identity"},  # a packed answer could unpack to anything
        )
        # A transport that was handed in has no network to wait for and answers in the caller's thread.
        self._calls = None if transport else ThreadPoolExecutor(_AT_ONCE, thread_name_prefix=f"call-{peer.desk}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()
        if self._calls:
            self._calls.shutdown(wait=False, cancel_futures=True)

    def send(self, message: Envelope) -> Receipt:
        """Send a message; a receipt means it is safe there. Raises TransientError or FinalError."""
        document = self._call("POST", f"{BASE_PATH}/messages", message.to_bytes())
        receipt = _read(_receipt, document)
        if receipt.message_id != message.message_id or receipt.digest != message.digest:
            raise NotTrustedError("untrusted", "the receipt is for something else")
        return receipt

    def pull(self, after: str = "", limit: int = 100) -> Pulled:
        """Ask what the other desk has for me behind a cursor."""
        document = self._call("GET", f"{BASE_PATH}/messages?{urlencode({'after': after, 'limit': limit})}")
        return _read(_page, document)

    def link(self, link_id: str) -> LinkReport:
        """Ask how the other desk sees a link."""
        return _read(_link_report, self._call("GET", f"{BASE_PATH}/links/{link_id}"))

    def health(self) -> Health:
        """Ask whether the other desk is there."""
        document = self._call("GET", f"{BASE_PATH}/health")
        return _read(_health, document)

    def _call(self, method: str, target: str, body: bytes = b"") -> Mapping[str, Any]:
        self._wait_is_over()
        request = self._http.build_request(method, target, content=body)
        sent = Request(method, request.url.raw_path.decode("ascii"), body)
        fields = sign_request(sent, self._me, self._peer.desk, self._clock(), secrets.token_urlsafe(16))
        request.headers.update(fields | ({"content-type": "application/json"} if body else {}))
        return self._proven(self._exchange(request), fields["signature"])

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        """Send and read the answer, bounded in time and size. A call that takes too long is left to its thread."""
        try:
            return self._in_time(self._calls, request) if self._calls else self._fetch(request)
        except TooSlowError as error:
            raise UnreachableError("unreachable", "too slow") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
            raise UnreachableError("unreachable", type(error).__name__) from error

    def _in_time(self, calls: ThreadPoolExecutor, request: httpx.Request) -> httpx.Response:
        call = calls.submit(self._fetch, request)
        try:
            return call.result(timeout=LONGEST_CALL)
        except TooSlowError:
            call.cancel()
            raise

    def _fetch(self, request: httpx.Request) -> httpx.Response:
        ends, body = monotonic() + LONGEST_CALL, b""
        answer = self._http.send(request, stream=True)
        if answer.is_stream_consumed:
            return answer
        try:
            for part in answer.iter_raw():
                body += part
                if len(body) > LONGEST_ANSWER or monotonic() > ends:
                    raise httpx.ReadError("the answer does not end")
        finally:
            answer.close()
        return httpx.Response(answer.status_code, headers=_kept(answer.headers), content=body)

    def _proven(self, answer: httpx.Response, signature: str) -> Mapping[str, Any]:
        if answer.status_code in {429, 503}:
            raise self._told_to_wait(answer)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        try:
            proof = Answer(answer.status_code, headers, answer.content)
            verify_answer(proof, signature, self._peer.desk, self._keyring, self._clock())
        except ProblemError as problem:
            raise NotTrustedError("untrusted", f"answer: {problem.code}", answer.status_code) from problem
        document = _object(answer)
        if answer.is_success:
            return document
        raise _refusal(answer.status_code, document)

    def _told_to_wait(self, answer: httpx.Response) -> BusyError:
        wait = _seconds(answer.headers.get("retry-after", ""), self._clock())
        if wait is not None:
            self._not_before = self._clock() + timedelta(seconds=wait)
        return BusyError("the other desk asked for time", answer.status_code, wait)

    def _wait_is_over(self) -> None:
        left = (self._not_before - self._clock()).total_seconds() if self._not_before else 0.0
        if left > 0:
            raise BusyError("the other desk asked for time", None, left)
        self._not_before = None


def _read(reader: Callable[[Mapping[str, Any]], T], document: Mapping[str, Any]) -> T:
    try:
        return reader(document)
    except (KeyError, TypeError, ValueError) as error:
        raise NotTrustedError("untrusted", "the answer has another shape than the protocol's") from error


def _kept(headers: httpx.Headers) -> list[tuple[str, str]]:
    """The header fields that say something about the body as it was read."""
    return [(name, value) for name, value in headers.items() if name not in {"content-encoding", "content-length"}]


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        document = read_once(answer.content)
    except NotCanonicalError:
        document = None
    if not isinstance(document, dict):
        raise NotTrustedError("untrusted", "the answer is not a JSON object", answer.status_code)
    return document


def _refusal(status: int, document: Mapping[str, Any]) -> DeskError:
    code, detail = str(document.get("code", "unknown")), str(document.get("detail", ""))
    if status in {401, 403} and not (code in KINDS and KINDS[code].final):
        return NotTrustedError(code, detail, status)
    if status >= 500 or (code in KINDS and not KINDS[code].final):
        return UnreachableError(code, detail, status)
    errors = document.get("errors")
    return FinalError(code, detail, status, errors if isinstance(errors, list) else ())


def _page(document: Mapping[str, Any]) -> Pulled:
    messages, cursor = document["messages"], document["next"]
    if not isinstance(messages, list) or not isinstance(cursor, str) or not 0 <= len(cursor) <= _MAX_CURSOR:
        raise ValueError("not a page")
    return Pulled(messages, cursor, document["more"] is True)


def _health(document: Mapping[str, Any]) -> Health:
    return Health(str(document["desk"]), from_wire(str(document["time"])), [str(v) for v in document["versions"]])


def _receipt(document: Mapping[str, Any]) -> Receipt:
    first = document.get("originalState")
    return Receipt(
        message_id=str(document["messageId"]),
        digest=str(document["digest"]),
        received_at=from_wire(str(document["receivedAt"])),
        state=ReceiptState(document["state"]),
        original_state=ReceiptState(first) if first else None,
    )


def _link_report(document: Mapping[str, Any]) -> LinkReport:
    mine, yours = document["fromYou"], document["toYou"]
    return LinkReport(
        link_id=str(document["linkId"]),
        state=str(document["state"]),
        applied=int(mine["lastSeq"]),
        held=[int(seq) for seq in mine["held"]],
        refused=[int(seq) for seq in mine["refused"]],
        written=int(yours["lastSeq"]),
    )


def _seconds(text: str, now: datetime) -> float | None:
    try:
        wait = float(text) if text.strip().isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)
