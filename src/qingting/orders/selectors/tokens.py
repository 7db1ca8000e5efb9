"""What an order is found by, as numbers: a keyed digest of each word, code and id, so that the index tells nobody anything."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from qingting.core.crypto import blind_index

_FIELD = "orders_ordersearch.tokens"


@lru_cache(maxsize=200_000)
def token(kind: str, value: str) -> int:
    """A signed 32-bit number for a value of a kind (`word`, `under`, `state` …)."""
    return int.from_bytes(blind_index(f"{kind}:{value}", field=_FIELD)[:4], "big", signed=True)


def tokens(kind: str, values: Iterable[object]) -> list[int]:
    """The same for several values, in order."""
    return [token(kind, str(value)) for value in values]


def tokens_for(values: Mapping[str, Iterable[object]]) -> list[int]:
    """All that one order is found by: values by kind."""
    return sorted({number for kind, found in values.items() for number in tokens(kind, found)})
