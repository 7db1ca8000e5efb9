"""What stands before the platform in production, played on one machine: a proxy that speaks TLS, and a TURN server's door."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import ipaddress
import ssl
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Certificate:
    """Signed by itself, for 127.0.0.1; `pin` is how a browser is told to trust this key and no other."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        now = datetime.now(UTC)
        whom = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        signed = made.add_extension(whom, critical=False).sign(key, hashes.SHA256())
        self.path = folder / "loopback.pem"
        plain = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.path.write_bytes(plain + signed.public_bytes(serialization.Encoding.PEM))
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.pin = base64.b64encode(hashlib.sha256(key.public_key().public_bytes(*form)).digest()).decode()


class Proxy:
    """Ends TLS and says so to the platform, as the proxy of deploy/ does. sockets: websockets that were opened through it."""

    def __init__(self, certificate: Certificate, behind: int) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.path)
        self._behind = behind
        self.sockets: list[str] = []
        self.port = 0

    @contextlib.asynccontextmanager
    async def running(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            inner, outer = await asyncio.open_connection("127.0.0.1", self._behind)
            outer.write(self._told(head))
            await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
        writer.close()

    def _told(self, head: bytes) -> bytes:
        """One request a connection, and each says that it came by TLS."""
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        opening = any(line.lower().startswith("upgrade:") for line in lines)
        if opening:
            self.sockets.append(first.split("?")[0])
        kept = [line for line in lines if opening or not line.lower().startswith("connection:")]
        more = ["X-Forwarded-Proto: https", *([] if opening else ["Connection: close"])]
        return "\r\n".join([first, *kept, *more, "", ""]).encode("latin-1")


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    with contextlib.suppress(OSError):
        target.close()


ALLOCATE, REFUSED = 0x0003, 0x0113
USERNAME, INTEGRITY, ERROR, REALM, NONCE = 0x0006, 0x0008, 0x0009, 0x0014, 0x0015
COOKIE = 0x2112A442


class TurnDoor(asyncio.DatagramProtocol):
    """The door of a TURN server (RFC 8656) with coturn's `use-auth-secret`: it asks who knocks, and lends nothing.

    welcome: users whose password was made with our secret and had not run out.
    """

    realm = b"turn.example"

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self.welcome: set[str] = set()
        self.unwelcome: set[str] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if len(data) < 20 or struct.unpack("!H", data[:2])[0] != ALLOCATE:
            return
        told = _attributes(data)
        if USERNAME not in told:
            self._refuse(data, address, 401)
            return
        user = told[USERNAME].decode()
        (self.welcome if self._is_right(data, user) else self.unwelcome).add(user)
        self._refuse(data, address, 403)

    def _is_right(self, data: bytes, user: str) -> bool:
        """RFC 8489, section 14.5: HMAC-SHA1 over the message up to the integrity, as if it ended behind it."""
        secret = hmac.new(self._secret.encode(), user.encode(), hashlib.sha1).digest()
        key = hashlib.md5(
            b":".join([user.encode(), self.realm, base64.b64encode(secret)]), usedforsecurity=False
        ).digest()
        end = _place_of(data, INTEGRITY)
        head = data[:2] + struct.pack("!H", end - 20 + 24) + data[4:end]
        expected = hmac.new(key, head, hashlib.sha1).digest()
        fresh = int(user.partition(":")[0]) > datetime.now(UTC).timestamp()
        return fresh and hmac.compare_digest(expected, _attributes(data)[INTEGRITY])

    def _refuse(self, data: bytes, address: tuple[str, int], status: int) -> None:
        body = _attribute(ERROR, struct.pack("!HBB", 0, status // 100, status % 100) + b"no")
        body += _attribute(REALM, self.realm) + _attribute(NONCE, b"once")
        self._wire.sendto(struct.pack("!HHI", REFUSED, len(body), COOKIE) + data[8:20] + body, address)


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def _each(data: bytes):
    place = 20
    while place + 4 <= len(data):
        kind, size = struct.unpack("!HH", data[place : place + 4])
        yield place, kind, data[place + 4 : place + 4 + size]
        place += 4 + size + (-size % 4)


def _attributes(data: bytes) -> dict[int, bytes]:
    return {kind: value for _, kind, value in _each(data)}


def _place_of(data: bytes, wanted: int) -> int:
    return next(place for place, kind, _ in _each(data) if kind == wanted)
