"""Strict JSON in, canonical JSON (RFC 8785) out, and the digest that identifies a message."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785

MAX_DEPTH = 16
"""Deepest nesting a message may have; the schemas need six."""


class NotCanonicalError(ValueError):
    """The bytes are not JSON that every desk would read the same way."""


def parse(raw: bytes) -> dict[str, Any]:
    """Read one JSON object from UTF-8 bytes.

    Refused with NotCanonicalError: other encodings, repeated names, NaN and infinities, NUL and lone
    surrogates, numbers beyond 2**53, nesting deeper than MAX_DEPTH, and anything that is not an object.
    """
    return checked(read_once(raw))


def read_once(raw: bytes) -> Any:
    """Read JSON from UTF-8 bytes, refusing what two libraries could read as different things."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as error:  # also a number with thousands of digits
        raise NotCanonicalError("not a JSON text in UTF-8") from error


def checked(document: Any) -> dict[str, Any]:
    """Return a document that was read elsewhere (a page of pulled messages) if it could have come by `parse`."""
    if not isinstance(document, dict):
        raise NotCanonicalError("not a JSON object")
    _walk(document)
    canonical(document)
    return document


def canonical(document: Mapping[str, Any]) -> bytes:
    """Write a document in RFC 8785 form: sorted names, no spaces, shortest numbers, UTF-8."""
    try:
        return rfc8785.dumps(dict(document))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise NotCanonicalError("cannot be written as canonical JSON") from error


def message_digest(document: Mapping[str, Any]) -> str:
    """Identify a message by what it says: `sha-256:` and the hex SHA-256 of its canonical form.

    Two senders' libraries may space the same message differently; its digest stays the same.
    """
    return "sha-256:" + hashlib.sha256(canonical(document)).hexdigest()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise NotCanonicalError("a name stands twice in one object")
    return document


def _no_constant(name: str) -> Any:
    raise NotCanonicalError(f"{name} is not JSON")


def _walk(value: Any, depth: int = 1) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonicalError("nested too deeply")
    if isinstance(value, str) and "\0" in value:
        raise NotCanonicalError("contains U+0000")
    children = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _walk(child, depth + 1)
