"""What happens to keys. The intake itself is told by the events of contact, case and order."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyEvent(Event):
    subject: ClassVar[str] = "api_key_id"
    api_key_id: int
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyIssued(ApiKeyEvent):
    name: ClassVar[str] = "exchange.api-key-issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked(ApiKeyEvent):
    name: ClassVar[str] = "exchange.api-key-revoked"
