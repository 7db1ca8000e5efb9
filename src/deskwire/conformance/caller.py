"""The test's side of the wire: requests that are right, or wrong in one chosen way."""

import json
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from deskwire import BASE_PATH
from deskwire.canonical import canonical
from deskwire.envelope import Envelope, MessageType
from deskwire.keys.model import Identity, Keyring, Party
from deskwire.lifecycle import Link
from deskwire.moments import to_wire, utc_now
from deskwire.problems import ProblemError
from deskwire.sending import Draft, new_link, write
from deskwire.signing import Answer, Request, sign_request, verify_answer

MESSAGES = f"{BASE_PATH}/messages"


class CaseError(Exception):
    """The desk under test did something else than the protocol says."""


class NotObservedError(Exception):
    """The case could not be judged, and is not counted as a failure."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer of the desk under test."""

    status: int
    headers: Mapping[str, str]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spoil:
    """How a request is made wrong after (or while) it is signed."""

    at: datetime | None = None
    nonce: str | None = None
    sent_body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    me: Identity | None = None


GOOD = Spoil()


@dataclass
class Caller:
    """Speaks to the desk under test as the desk `me`."""

    http: httpx.Client
    me: Identity
    peer: Party
    keyring: Keyring | None
    wait: Callable[[float], None] = time.sleep
    links: dict[str, Link] = field(default_factory=dict)

    def call(self, method: str, target: str, body: bytes = b"", spoil: Spoil = GOOD) -> Heard:
        """Send one request and prove its answer; a 429 is waited for."""
        for _ in range(5):
            heard = self._once(method, target, body, spoil)
            if heard.status != 429 or spoil is not GOOD:
                return heard
            self.wait(min(float(heard.headers.get("retry-after", "1")), 30.0))
        return heard

    def post(self, message: Envelope, spoil: Spoil = GOOD) -> Heard:
        """Send a message."""
        return self.call("POST", MESSAGES, canonical(message.document), spoil)

    def handoff(self, **changes: Any) -> Envelope:
        """Write the handoff of a new link, marked as a drill."""
        link = new_link(self.peer)
        at = utc_now()
        draft = Draft(
            MessageType.HANDOFF,
            _handoff_body(self.peer.desk, at) | changes,
            reply_by=at + timedelta(minutes=5),
            drill=True,
        )
        return self._written(link, draft)

    def note(self, link_id: str, text: str = "一致性测试：补充") -> Envelope:
        """Write the next note of a link."""
        return self._written(self.links[link_id], Draft(MessageType.NOTE, {"text": text}))

    def cancellation(self, link_id: str) -> Envelope:
        """Write the message that takes a link back."""
        body = {"reason": "DRILL_OVER", "text": "一致性测试结束", "operator": "CONFORMANCE"}
        return self._written(self.links[link_id], Draft(MessageType.CANCELLATION, body))

    def link_status(self, link_id: str) -> Mapping[str, Any]:
        """Ask how the desk sees a link."""
        heard = self.call("GET", f"{BASE_PATH}/links/{link_id}")
        expect(heard, 200)
        return heard.document

    def forget(self, link_id: str) -> None:
        """Leave a link out of the tidying up."""
        self.links.pop(link_id, None)

    def _written(self, link: Link, draft: Draft) -> Envelope:
        message, self.links[link.link_id] = write(link, draft, self.me.party, utc_now())
        return message

    def _once(self, method: str, target: str, body: bytes, spoil: Spoil) -> Heard:
        request = self.http.build_request(method, target, content=spoil.sent_body or body)
        exact = request.url.raw_path.decode("ascii")
        me, at = spoil.me or self.me, spoil.at or utc_now()
        nonce = spoil.nonce or secrets.token_urlsafe(16)
        signed = sign_request(Request(method, exact, body), me, self.peer.desk, at, nonce)
        signed |= {"content-type": "application/json"} if body else {}
        signed |= spoil.headers
        request.headers.update({name: value for name, value in signed.items() if value})
        answer = self.http.send(request)
        return self._heard(answer, signed.get("signature", ""))

    def _heard(self, answer: httpx.Response, signature: str) -> Heard:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if self.keyring and answer.status_code < 300:
            try:
                proof = Answer(answer.status_code, headers, answer.content)
                verify_answer(proof, signature, self.peer.desk, self.keyring, utc_now())
            except ProblemError as problem:
                raise CaseError(f"the answer is not properly signed: {problem.code}") from problem
        try:
            document = json.loads(answer.content)
        except ValueError:
            document = {}
        return Heard(answer.status_code, headers, document if isinstance(document, dict) else {})


def expect(heard: Heard, *statuses: int, code: str = "") -> None:
    """Fail the case unless the answer has one of these statuses and, if given, this problem code."""
    found = heard.document.get("code", "")
    if heard.status not in statuses:
        wanted = " or ".join(str(status) for status in statuses)
        raise CaseError(f"expected status {wanted}, got {heard.status} {found}".rstrip())
    if code and found != code:
        raise CaseError(f"expected problem code {code}, got {found or 'none'}")


def must(truth: object, otherwise: str) -> None:
    """Fail the case unless something is true."""
    if not truth:
        raise CaseError(otherwise)


def changed(message: Envelope, **changes: Any) -> Envelope:
    """Return a message with other fields."""
    return replace(message, document={**message.document, **changes})


def new_id() -> str:
    """Make a message id."""
    return str(uuid.uuid4())


def _handoff_body(peer: str, at: datetime) -> dict[str, Any]:
    to_police = "110" in peer
    return {
        "listItem": {
            "direction": "12355-to-110" if to_police else "110-to-12355",
            "no": 14 if to_police else 3,
            "listVersion": "gd-2024-25",
            "urgency": "URGENT" if to_police else "ROUTINE",
            "linkMode": "ONE_CLICK_HANDOFF" if to_police else "INCIDENT_ORDER",
        },
        "summary": "一致性测试，请勿派警",
        "disclosureBasis": {"code": "LEGAL_DUTY"},
        "retainUntil": (at + timedelta(days=1)).date().isoformat(),
        "locations": [{"method": "OTHER", "confidence": "LOW", "observedAt": to_wire(at), "text": "一致性测试"}],
        "persons": [{"role": "OTHER", "under14": None}],
    }
