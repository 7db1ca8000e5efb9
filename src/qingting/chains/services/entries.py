"""One entry, as it is written, told and read; and whether a house may have it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from deskwire.moments import from_wire, to_wire
from qingting.chains import rules
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.selectors import FACTS, WORDS
from qingting.chains.states import ACTS, READS_PERSON, Role
from qingting.core.crypto import seal, unseal


class MisplacedError(Exception):
    """An entry that cannot stand where it claims to; `code` as the wire names it."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(code)
        self.code, self.why = code, why


@dataclass(frozen=True, slots=True)
class Entry:
    """What one party says. number: of this author; account_id: 0 where it was written in another house."""

    author: str
    number: int
    act: str
    at: datetime
    operator: str
    words: str = ""
    code: str = ""
    due_at: datetime | None = None
    region: str = ""
    facts: Mapping[str, Any] | None = None
    account_id: int = 0

    def for_reader(self, role: str) -> "Entry":
        """The same with only what this party may read."""
        words = self.words if rules.reads_words(role, ACTS[self.act]) else ""
        return replace(self, words=words, facts=self.facts if role in READS_PERSON else None)

    def digest(self) -> str:
        """Of what it says, whoever stored it when."""
        said = {name: value for name, value in asdict(self).items() if name not in {"account_id"}}
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=to_wire)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_wire(self) -> dict[str, Any]:
        """As `body-chain.json` has it, without facts."""
        told: dict[str, Any] = {
            "author": self.author,
            "number": self.number,
            "act": self.act,
            "at": to_wire(self.at),
            "operator": self.operator,
        }
        more = {"text": self.words, "code": self.code, "region": self.region}
        told |= {name: value for name, value in more.items() if value}
        return told | ({"dueAt": to_wire(self.due_at)} if self.due_at else {})


def from_body(body: Mapping[str, Any]) -> Entry:
    """Read an entry that another house told. The body follows its schema; MisplacedError for an act that is not its author's."""
    said = body["entry"]
    act = ACTS.get(said["act"])
    if act is None or act.role != said["author"]:
        raise MisplacedError("out-of-state", "no such act of this party")
    if act.codes is not None and said.get("code", "") not in act.codes.values:
        raise MisplacedError("out-of-state", "no such code for this act")
    if body.get("facts") and act.role != Role.ORIGIN:
        raise MisplacedError("out-of-state", "only the origin tells facts")
    return Entry(
        author=said["author"],
        number=said["number"],
        act=said["act"],
        at=from_wire(said["at"]),
        operator=said["operator"],
        words=said.get("text", ""),
        code=said.get("code", ""),
        due_at=from_wire(said["dueAt"]) if "dueAt" in said else None,
        region=said.get("region", ""),
        facts=body.get("facts"),
    )


def row_of(chain: Chain, entry: Entry, at: datetime) -> ChainEntry:
    """An unsaved row in a party's file; words and facts sealed."""
    facts = json.dumps(entry.facts, ensure_ascii=False) if entry.facts else ""
    return ChainEntry(
        organisation_id=chain.organisation_id,
        province=chain.province,
        chain=chain,
        case_id=chain.case_id,
        author=entry.author,
        number=entry.number,
        act=entry.act,
        at=entry.at,
        code=entry.code,
        due_at=entry.due_at,
        region=entry.region,
        operator=entry.operator,
        account_id=entry.account_id or None,
        words_sealed=seal(entry.words, field=WORDS) if entry.words else None,
        facts_sealed=seal(facts, field=FACTS) if facts else None,
        digest=entry.digest(),
        received_at=at,
    )


def entry_of(row: ChainEntry) -> Entry:
    """A stored entry, opened."""
    facts = json.loads(unseal(bytes(row.facts_sealed), field=FACTS)) if row.facts_sealed else None
    return Entry(
        author=row.author,
        number=row.number,
        act=row.act,
        at=row.at,
        operator=row.operator,
        words=unseal(bytes(row.words_sealed), field=WORDS) if row.words_sealed else "",
        code=row.code,
        due_at=row.due_at,
        region=row.region,
        facts=facts,
        account_id=row.account_id or 0,
    )
