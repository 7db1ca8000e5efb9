"""Sealing the journal: batches below the visibility horizon, chained by SHA-256, so that a change is noticed afterwards.

Nothing of this stands in the write path. A seal covers every entry behind the previous seal up to its own cursor; its
digest is SHA-256 over the previous digest, the count, and each entry's canonical text (times in UTC) in journal order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import connection, transaction

from qingting.core.actors import Actor
from qingting.core.events import Event, publish
from qingting.core.journal import Cursor
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting

BATCH = 50_000

_TEXT = """jsonb_build_array(txid::text, id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), name, account_id,
 acting_as, organisation_id, province, subject_kind, subject_id, case_id, ids, data, channels)::text"""
_END = """
SELECT txid::text, id FROM (SELECT txid, id FROM core_entry
  WHERE (txid, id) > (%s::text::xid8, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY txid, id LIMIT %s) batch ORDER BY txid DESC, id DESC LIMIT 1
"""
_DIGEST = f"""
SELECT count(*), sha256(%s::bytea || convert_to(count(*)::text || E'\\n' ||
  coalesce(string_agg({_TEXT}, E'\\n' ORDER BY txid, id), ''), 'UTF8'))
FROM core_entry WHERE (txid, id) > (%s::text::xid8, %s) AND (txid, id) <= (%s::text::xid8, %s)
"""
_LAST = "SELECT number, upto_txid::text::bigint, upto_id, digest FROM core_seal ORDER BY number DESC LIMIT 1"
_INSERT = (
    "INSERT INTO core_seal (number, upto_txid, upto_id, entries, digest, at) VALUES (%s,%s::text::xid8,%s,%s,%s,now())"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One sealed batch: its number from 1, its last entry, how many entries, and the chained digest."""

    number: int
    upto: Cursor
    entries: int
    digest: bytes


_START = Seal(0, Cursor(), 0, b"\0" * 32)


def _last(cursor: "object") -> Seal:
    cursor.execute(_LAST)  # type: ignore[attr-defined]
    row = cursor.fetchone()  # type: ignore[attr-defined]
    return Seal(row[0], Cursor(row[1], row[2]), 0, bytes(row[3])) if row else _START


def _digest(cursor: "object", before: Seal, upto: Cursor) -> tuple[int, bytes]:
    parameters = (before.digest, str(before.upto.txid), before.upto.entry_id, str(upto.txid), upto.entry_id)
    cursor.execute(_DIGEST, parameters)  # type: ignore[attr-defined]
    count, digest = cursor.fetchone()  # type: ignore[attr-defined]
    return count, bytes(digest)


def seal_next() -> Seal | None:
    """Seal what stands below the horizon, one batch; None when there is nothing new. Safe to call from two workers."""
    with acting(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qingting.journal.seal'))")
        before = _last(cursor)
        cursor.execute(_END, (str(before.upto.txid), before.upto.entry_id, BATCH))
        end = cursor.fetchone()
        if end is None:
            return None
        upto = Cursor(int(end[0]), end[1])
        count, digest = _digest(cursor, before, upto)
        seal = Seal(before.number + 1, upto, count, digest)
        cursor.execute(_INSERT, (seal.number, str(upto.txid), upto.entry_id, count, digest))
    _export(seal)
    return seal


def seal_all() -> int:
    """Seal until nothing new is left; returns how many seals were set."""
    count = 0
    while seal_next() is not None:
        count += 1
    return count


def _export_file() -> Path:
    return Path(settings.VAR) / "seals" / "journal.seals"


def _export(seal: Seal) -> None:
    """Append the digest to a file outside the database: who rewrites the tables would have to rewrite this as well."""
    target = _export_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a", encoding="ascii") as file:
        file.write(f"{seal.number} {seal.upto} {seal.entries} {seal.digest.hex()}\n")


def _exported() -> dict[int, str]:
    target = _export_file()
    if not target.exists():
        return {}
    lines = (line.split() for line in target.read_text("ascii").splitlines())
    return {int(parts[0]): parts[3] for parts in lines if len(parts) == 4}


@dataclass(frozen=True, slots=True)
class Finding:
    """A batch that no longer matches its seal. code: COUNT, CHANGED, EXPORT, REMOVED or LOST; message: the same in words."""

    seal: int
    code: str
    message: str


def _check(cursor: "object", before: Seal, seal: Seal, exported: dict[int, str]) -> Iterator[Finding]:
    count, digest = _digest(cursor, before, seal.upto)
    if count != seal.entries:
        yield Finding(seal.number, "COUNT", f"{seal.entries} entries were sealed, {count} are there")
    elif digest != seal.digest:
        yield Finding(seal.number, "CHANGED", "an entry of this batch was changed after it was sealed")
    if exported.get(seal.number, seal.digest.hex()) != seal.digest.hex():
        yield Finding(seal.number, "EXPORT", "the seal differs from the one exported outside the database")


def verify() -> tuple[int, list[Finding]]:
    """Recompute every seal. Returns how many seals were checked and what was found wrong."""
    findings: list[Finding] = []
    exported = _exported()
    with acting(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, upto_txid::text::bigint, upto_id, entries, digest FROM core_seal ORDER BY number"
        )
        seals = [Seal(n, Cursor(txid, i), entries, bytes(digest)) for n, txid, i, entries, digest in cursor.fetchall()]
        before = _START
        for position, seal in enumerate(seals, start=1):
            if seal.number != position:
                findings.append(Finding(position, "REMOVED", "this seal was removed"))
            findings.extend(_check(cursor, before, seal, exported))
            before = seal
    if exported and max(exported) > len(seals):
        findings.append(Finding(max(exported), "LOST", "seals exported outside the database are no longer in it"))
    return len(seals), findings


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalVerified(Event):
    """seals: how many were checked; findings: each as `number:CODE`. The journal keeps the result like anything else."""

    name: ClassVar[str] = "core.journal-verified"
    subject: ClassVar[str] = "journal_id"
    label: ClassVar[str] = "校验日志完整性：检查{seals}个封存，发现{problems}个问题"
    seals: int
    problems: int
    findings: tuple[str, ...] = ()


MOST_KEPT = 100


def verify_and_tell(*, actor: Actor, at: datetime) -> tuple[int, list[Finding]]:
    """Verify, and tell the journal who did and what came of it."""
    count, findings = verify()
    told = JournalVerified(
        organisation_id=actor.organisation_id,
        province=actor.province,
        seals=count,
        problems=len(findings),
        findings=tuple(f"{finding.seal}:{finding.code}" for finding in findings[:MOST_KEPT]),
    )
    with transaction.atomic():
        publish(told, actor=actor, at=at)
    return count, findings


@dataclass(frozen=True, slots=True)
class Integrity:
    """How the journal stands: seals, entries under them, when the last one was set; the last check, if there was one."""

    seals: int
    sealed_entries: int
    last_seal_at: datetime | None
    last_check: Entry | None


def integrity() -> Integrity:
    """It says nothing about anybody, and a check covers the whole journal: so whoever may see it sees all of it."""
    with acting(EVERYTHING), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), coalesce(sum(entries), 0)::bigint, max(at) FROM core_seal")
            seals, entries, last_at = cursor.fetchone()
        checks = Entry.objects.filter(subject_kind="journal", subject_id=0, name=JournalVerified.name)
        return Integrity(seals, entries, last_at, checks.order_by("-at").first())
