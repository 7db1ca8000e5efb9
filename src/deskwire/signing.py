"""Signatures over requests and answers: HTTP Message Signatures (RFC 9421) with a Content-Digest (RFC 9530).

A request's signature covers method, path, query, body digest, the calling desk and the called desk, and the
parameters `created`, `nonce`, `keyid`, `alg` and `tag`. An answer's signature covers its status, body digest,
desk, and the request's own signature, so that no answer can be passed off for another request's.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from deskwire.keys.model import Identity, Keyring, PublicKey
from deskwire.moments import to_wire
from deskwire.problems import ProblemError
from deskwire.suites import SUITES, content_digest

LABEL = "deskwire"
TAG = "deskwire-v1"
SKEW = timedelta(seconds=300)
"""How far `created` may lie from the receiver's clock, either way; product default."""
MAX_NONCE = 64

REQUEST_PARTS = ("@method", "@path", "@query", "content-digest", "deskwire-desk", "deskwire-to")
ANSWER_PARTS = ("@status", "content-digest", "deskwire-desk")

_PART = r'"[a-z@-]+"(?:;req)?'
_INPUT = re.compile(rf'deskwire=(\(({_PART}(?: {_PART})*)\)((?:;[a-z]+=(?:[0-9]+|"[!#-\[\]-~]*"))+))')
_PARAMETER = re.compile(r';([a-z]+)=(?:([0-9]+)|"([!#-\[\]-~]*)")')
_DESK = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_VALUE = re.compile(r"deskwire=:([A-Za-z0-9+/]+={0,2}):")

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a request, proven: the desk, the moment and the nonce it may use only once."""

    desk: str
    key_id: str
    created: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a request's signature covers. `target` is the path with its query, exactly as sent."""

    method: str
    target: str
    body: bytes

    def parts(self) -> dict[str, str]:
        """Return the derived components by name."""
        path, _, query = self.target.partition("?")
        return {"@method": self.method.upper(), "@path": path, "@query": f"?{query}"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a desk answered. `headers` has lower-case names."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class _Signed:
    components: Sequence[str]
    parameters: Mapping[str, str]
    written: str
    signature: bytes


def sign_request(request: Request, me: Identity, to: str, at: datetime, nonce: str) -> dict[str, str]:
    """Return the header fields that make this request signed by me for the desk `to`."""
    fields = {
        "content-digest": content_digest(SUITES[me.key.alg], request.body),
        "deskwire-desk": me.desk,
        "deskwire-to": to,
    }
    return fields | _sign(request.parts() | fields, REQUEST_PARTS, me, at, nonce)


def verify_request(request: Request, headers: Headers, me: str, keyring: Keyring, at: datetime) -> Signer:
    """Prove who sent a request for the desk `me`, or raise a ProblemError (401, 403 or 421).

    `headers` has lower-case names. The nonce is returned, not remembered: the receiver does that with its
    store.
    """
    desk = headers.get("deskwire-desk", "")
    if not desk or "signature" not in headers or "signature-input" not in headers:
        raise ProblemError("signature-missing")
    if not _DESK.fullmatch(desk) or not keyring.knows(desk):
        raise ProblemError("desk-unknown")
    if headers.get("deskwire-to") != me:
        raise ProblemError("wrong-receiver", f"this is {me}")
    signed = _read(headers)
    if not set(REQUEST_PARTS) <= set(signed.components):
        raise ProblemError("signature-malformed", f"the signature must cover {' '.join(REQUEST_PARTS)}")
    key = _key(signed, desk, keyring, at)
    _same_digest(key, headers, request.body)
    created = _created(signed, at)
    _check(key, signed, request.parts() | dict(headers))
    return Signer(desk, key.key_id, created, signed.parameters["nonce"])


def sign_answer(
    status: int, body: bytes, request_signature: str, me: Identity, at: datetime, nonce: str
) -> dict[str, str]:
    """Return the header fields of an answer, bound to the request that it answers."""
    fields = {"content-digest": content_digest(SUITES[me.key.alg], body), "deskwire-desk": me.desk}
    values = {"@status": str(status), '"signature";req': request_signature} | fields
    components = (*ANSWER_PARTS, '"signature";req') if request_signature else ANSWER_PARTS
    return fields | _sign(values, components, me, at, nonce)


def verify_answer(answer: Answer, request_signature: str, peer: str, keyring: Keyring, at: datetime) -> None:
    """Prove that the desk `peer` gave this answer to that request, or raise a ProblemError (always 401)."""
    headers = answer.headers
    if "signature" not in headers or "signature-input" not in headers:
        raise ProblemError("signature-missing")
    signed = _read(headers)
    covered = {*ANSWER_PARTS, '"signature";req'} <= set(signed.components)
    if not covered or headers.get("deskwire-desk") != peer:
        raise ProblemError("signature-malformed")
    key = _key(signed, peer, keyring, at)
    _same_digest(key, headers, answer.body)
    _created(signed, at)
    _check(key, signed, {"@status": str(answer.status), '"signature";req': request_signature} | dict(headers))


def _sign(
    values: Mapping[str, str], components: Sequence[str], me: Identity, at: datetime, nonce: str
) -> dict[str, str]:
    listed = " ".join(_quoted(name) for name in components)
    written = (
        f'({listed});created={int(at.timestamp())};nonce="{nonce}"'
        f';keyid="{me.key.key_id}";alg="{me.key.alg}";tag="{TAG}"'
    )
    signature = SUITES[me.key.alg].sign(me.key.private, _base(values, components, written))
    return {
        "signature-input": f"{LABEL}={written}",
        "signature": f"{LABEL}=:{base64.b64encode(signature).decode('ascii')}:",
    }


def _base(values: Mapping[str, str], components: Sequence[str], written: str) -> bytes:
    lines = [f"{_quoted(name)}: {values[name].strip()}" for name in components]
    return "\n".join([*lines, f'"@signature-params": {written}']).encode("utf-8")


def _quoted(name: str) -> str:
    return name if name.startswith('"') else f'"{name}"'


def _read(headers: Headers) -> _Signed:
    found = _INPUT.fullmatch(headers["signature-input"].strip())
    value = _VALUE.fullmatch(headers["signature"].strip())
    if not found or not value:
        _unreadable("Signature-Input and Signature must each hold one member named deskwire")
    components = [name if name.endswith(";req") else name.strip('"') for name in found[2].split(" ")]
    pairs = _PARAMETER.findall(found[3])
    parameters = {name: number or text for name, number, text in pairs}
    if len(parameters) != len(pairs) or len(set(components)) != len(components):
        _unreadable("a component or parameter stands twice")
    if not {"created", "nonce", "keyid", "alg"} <= parameters.keys() or parameters.get("tag") != TAG:
        _unreadable(f"created, nonce, keyid, alg and tag={TAG} are required")
    if not 1 <= len(parameters["nonce"]) <= MAX_NONCE or not parameters["created"].isdigit():
        _unreadable("created or nonce is out of range")
    try:
        return _Signed(components, parameters, found[1], base64.b64decode(value[1], validate=True))
    except ValueError:
        _unreadable("the signature is not base64")


def _unreadable(detail: str) -> NoReturn:
    raise ProblemError("signature-malformed", detail)


def _key(signed: _Signed, desk: str, keyring: Keyring, at: datetime) -> PublicKey:
    key = keyring.find(desk, signed.parameters["keyid"])
    if key is None or not key.good_at(at):
        raise ProblemError("key-unknown")
    if key.alg not in SUITES or signed.parameters["alg"] != key.alg:
        raise ProblemError("algorithm-unsupported")
    return key


def _same_digest(key: PublicKey, headers: Headers, body: bytes) -> None:
    if headers.get("content-digest", "").strip() != content_digest(SUITES[key.alg], body):
        raise ProblemError("digest-mismatch")


def _created(signed: _Signed, at: datetime) -> datetime:
    try:
        created = datetime.fromtimestamp(int(signed.parameters["created"]), UTC)
    except (OverflowError, ValueError, OSError):
        _unreadable("created is out of range")
    if abs(at - created) > SKEW:
        raise ProblemError("clock-skew", f"at most {SKEW.seconds} s are allowed", serverTime=to_wire(at))
    return created


def _check(key: PublicKey, signed: _Signed, values: Mapping[str, str]) -> None:
    if any(name not in values for name in signed.components):
        raise ProblemError("signature-malformed", "a covered component is not there")
    base = _base(values, signed.components, signed.written)
    if not SUITES[key.alg].verify(key.public, signed.signature, base):
        raise ProblemError("signature-invalid")
