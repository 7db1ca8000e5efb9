"""What a desk answers when it refuses: RFC 9457 problems, each with a stable code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PROBLEM_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal: its HTTP status, its title, and whether sending the same again can never help."""

    status: int
    title: str
    final: bool


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, "The request is not one JSON object in UTF-8", True),
    "signature-missing": Kind(401, "The request is not signed", False),
    "signature-malformed": Kind(401, "The signature fields cannot be read", False),
    "algorithm-unsupported": Kind(401, "The signature algorithm is not the key's", False),
    "key-unknown": Kind(401, "No such key of this desk is good now", False),
    "digest-mismatch": Kind(401, "The body is not the one that was signed", False),
    "clock-skew": Kind(401, "The signature was made too long ago or too far ahead", False),
    "signature-invalid": Kind(401, "The signature is not good", False),
    "replayed": Kind(401, "This signed request was received before; sign again to retry", False),
    "desk-unknown": Kind(403, "This desk is not known here", False),
    "sender-mismatch": Kind(403, "The message names another sender than the desk that signed", True),
    "not-party": Kind(403, "This link is between other desks", True),
    "not-found": Kind(404, "There is nothing here for this desk", True),
    "method-not-allowed": Kind(405, "This address does not take that method", True),
    "id-conflict": Kind(409, "This messageId was used for another message", True),
    "seq-conflict": Kind(409, "This seq was used for another message of the link", True),
    "seq-too-far": Kind(409, "This seq is too far ahead of what was received", False),
    "out-of-state": Kind(409, "The link's state does not allow this message", True),
    "too-large": Kind(413, "The request is larger than this desk takes", True),
    "media-type": Kind(415, "The body must be application/json", True),
    "wrong-receiver": Kind(421, "The message is for another desk", True),
    "schema": Kind(422, "The message does not follow its schema", True),
    "rate-limited": Kind(429, "Too many requests; wait as Retry-After says", False),
    "internal": Kind(500, "This desk failed; try again", False),
    "unavailable": Kind(503, "This desk cannot answer now; try again", False),
}
"""Every code a desk may answer with. `final` means: sending the same message again will never help."""


class ProblemError(Exception):
    """A refusal on its way to the other desk. `detail` never repeats what a message said about a person."""

    def __init__(self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more

    def to_document(self) -> dict[str, Any]:
        """Write the problem as RFC 9457 JSON."""
        document = {
            "type": f"urn:deskwire:problem:{self.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.code,
            **self.more,
        }
        return {**document, "detail": self.detail} if self.detail else document
