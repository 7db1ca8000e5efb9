"""Operators of the desk: their accounts, signing in with a lock-out, and their sessions."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from deskwire.moments import Clock
from policedesk.database import Database
from policedesk.times import from_db, to_db

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION = timedelta(hours=12)
"""Product defaults: five wrong passwords lock an account for 15 minutes; a session lasts one shift."""

_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is signed in, and the token their forms carry."""

    code: str
    name: str
    form_token: str


class SignInError(Exception):
    """Not signed in; its text says why, in Chinese."""


class Operators:
    """Accounts and sessions in the desk's database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, code: str, name: str, password: str) -> None:
        """Create an account, or give it a new password and unlock it."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO operators (code, name, password) VALUES (?, ?, ?) ON CONFLICT (code) DO UPDATE "
                "SET name = excluded.name, password = excluded.password, failures = 0, locked_until = NULL",
                (code, name, _hash(password)),
            )
            connection.execute("DELETE FROM sessions WHERE operator = ?", (code,))

    def keep(self, code: str, name: str, password: str) -> None:
        """Have this account with this password; where it stands so already nothing changes and nobody is signed out."""
        with self._database.read() as connection:
            row = connection.execute("SELECT password FROM operators WHERE code = ?", (code,)).fetchone()
        if row is None or not _matches(password, row["password"]):
            self.save(code, name, password)

    def sign_in(self, code: str, password: str) -> str:
        """Check a password and open a session; returns its token. SignInError otherwise.

        An unknown account takes as long and sounds the same as a wrong password.
        """
        now = self._clock()
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM operators WHERE code = ?", (code,)).fetchone()
        if row and row["locked_until"] and from_db(row["locked_until"]) > now:
            raise SignInError("密码连续输错，账号已暂时锁定，请 15 分钟后再试，或请管理员重设密码。")
        good = _matches(password, row["password"] if row else _NOBODY)
        if not row or not good:
            self._count_failure(code)
            raise SignInError("工号或密码不对，请重新输入。")
        return self._open_session(code)

    def find_session(self, token: str) -> Operator | None:
        """Find who a session token belongs to."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT o.code, o.name, s.form_token FROM sessions s JOIN operators o ON o.code = s.operator "
                "WHERE s.token_hash = ? AND s.expires_at > ?",
                (_token_hash(token), to_db(self._clock())),
            ).fetchone()
        return Operator(row["code"], row["name"], row["form_token"]) if row else None

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM sessions WHERE token_hash = ?", (_token_hash(token),))

    def any_exist(self) -> bool:
        """Say whether anyone could sign in."""
        with self._database.read() as connection:
            return connection.execute("SELECT 1 FROM operators LIMIT 1").fetchone() is not None

    def _open_session(self, code: str) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._database.write() as connection:
            connection.execute("UPDATE operators SET failures = 0, locked_until = NULL WHERE code = ?", (code,))
            connection.execute("DELETE FROM sessions WHERE expires_at <= ?", (to_db(now),))
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)",
                (_token_hash(token), code, secrets.token_urlsafe(24), to_db(now + SESSION)),
            )
        return token

    def _count_failure(self, code: str) -> None:
        with self._database.write() as connection:
            connection.execute(
                "UPDATE operators SET locked_until = CASE WHEN failures + 1 >= ? THEN ? END, "
                "failures = CASE WHEN failures + 1 >= ? THEN 0 ELSE failures + 1 END WHERE code = ?",
                (MAX_FAILURES, to_db(self._clock() + LOCKED_FOR), MAX_FAILURES, code),
            )


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT).hex()}"


def _matches(password: str, stored: str) -> bool:
    _, salt, digest = stored.split("$")
    found = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_SCRYPT)
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_NOBODY = _hash(secrets.token_urlsafe(16))
