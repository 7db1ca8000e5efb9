"""SIP as text (RFC 3261): what a small telephone needs to read and write of it."""

import re
from dataclasses import dataclass, field

_SHORT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "c": "content-type",
    "l": "content-length",
}
_ADDRESS = re.compile(r"<?(sips?:[^>;\s]+)>?")
REASONS = {
    100: "Trying", 180: "Ringing", 200: "OK", 404: "Not Found", 480: "Temporarily Unavailable", 481: "No Such Dialogue",
    486: "Busy Here", 487: "Request Terminated", 500: "Server Error", 603: "Decline",
}  # fmt: skip


@dataclass(slots=True)
class Message:
    """A request or an answer: its first line, its headers in order, its body."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @property
    def status(self) -> int:
        """Of an answer; 0 for a request."""
        return int(self.start[8:11]) if self.start.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """Of a request, or of the request that an answer belongs to."""
        return self.get("cseq").rpartition(" ")[2] if self.status else self.start.partition(" ")[0]

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def written(self) -> bytes:
        lines = [self.start, *(f"{name.title()}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, f"Content-Length: {len(self.body.encode())}", "", self.body]).encode()


def read(data: bytes) -> Message | None:
    """A message from the wire; None for what is none."""
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    if not (start.startswith("SIP/2.0 ") or start.endswith(" SIP/2.0")):
        return None
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            headers.append((_SHORT.get(name, name), value.strip()))
    return Message(start, headers, body)


def answer(request: Message, status: int, *, tag: str, contact: str = "", body: str = "") -> Message:
    """The answer to a request, as its headers demand."""
    headers = [(name, value) for name, value in request.headers if name in ("via", "record-route")]
    to = request.get("to")
    headers += [
        ("from", request.get("from")),
        ("to", to if ";tag=" in to else f"{to};tag={tag}"),
        ("call-id", request.get("call-id")),
        ("cseq", request.get("cseq")),
    ]
    if contact:
        headers.append(("contact", contact))
    if body:
        headers.append(("content-type", "application/sdp"))
    return Message(f"SIP/2.0 {status} {REASONS.get(status, 'Answer')}", headers, body)


def address_in(header: str) -> str:
    """The `sip:` address in a From, To or Contact header."""
    found = _ADDRESS.search(header)
    return found[1] if found else ""


def offer(host: str, port: int, *, direction: str = "sendrecv", codec: tuple[int, str] = (8, "PCMA/8000")) -> str:
    """An SDP body that offers one codec (payload type and name) and keys (RFC 4733)."""
    kind, name = codec
    lines = [
        "v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0", f"m=audio {port} RTP/AVP {kind} 101",
        f"a=rtpmap:{kind} {name}", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20",
        f"a={direction}", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def voice_address(body: str) -> tuple[str, int] | None:
    """Where the other side wants to be spoken to."""
    host = re.search(r"^c=IN IP4 (\S+)", body, re.M)
    port = re.search(r"^m=audio (\d+)", body, re.M)
    return (host[1], int(port[1])) if host and port and port[1] != "0" else None
