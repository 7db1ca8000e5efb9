"""What a key is, whose it is, and what a keyring must be able to do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Party:
    """One desk: its id (`desk-110`) and the GB/T 2260 code of the division it serves (six digits)."""

    desk: str
    region_code: str

    def to_wire(self) -> dict[str, str]:
        """Write the party as `sender` and `receiver` carry it."""
        return {"desk": self.desk, "regionCode": self.region_code}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A desk's public key and when it is good; an open end means until withdrawn."""

    desk: str
    key_id: str
    alg: str
    public: bytes
    not_before: datetime | None = None
    not_after: datetime | None = None

    def good_at(self, moment: datetime) -> bool:
        """Say whether the key may be used at this moment."""
        begun = self.not_before is None or self.not_before <= moment
        return begun and (self.not_after is None or moment < self.not_after)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """The key a desk signs with. Its secret never appears in a repr."""

    desk: str
    key_id: str
    alg: str
    private: bytes = field(repr=False)
    public: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """Who I am on the wire: my party and the key I sign with."""

    party: Party
    key: PrivateKey

    @property
    def desk(self) -> str:
        """My desk id."""
        return self.party.desk


class Keyring(Protocol):
    """Finds the public keys of the desks one talks to."""

    def knows(self, desk: str) -> bool:
        """Say whether any key of this desk is known."""

    def find(self, desk: str, key_id: str) -> PublicKey | None:
        """Find one key of one desk, or None."""
