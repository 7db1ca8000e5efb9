"""Hypothesis strategies made from the published schemas: what a stranger's desk could send that follows them."""

import json
import re
from functools import cache
from typing import Any

from hypothesis import strategies as st

from deskwire.schema import schema_names, schema_text

# Words as they come and as they should not: markup, direction overrides, joiners, half-emoji, an old apostrophe.
_TRICKS = [
    "<script>alert(1)</script>",
    "\u202e岁三十",
    "a\u200bb",
    "👩\u200d👧",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "\x1b[31m",
    "\\u0000",
    "Ⅷ",
    "\r\n",
]
words = st.one_of(st.sampled_from(_TRICKS), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
moments = st.builds(
    "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}{}".format,
    st.integers(1970, 2199),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.sampled_from(["Z", ".5Z", "+08:00", "-11:30"]),
)
_FORMATS = {
    "date-time": moments,
    "date": moments.map(lambda text: text[:10]),
    "uuid": st.uuids().map(str),
}
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        words,
        st.sampled_from(["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "２０２７-01-01", 10**400, 1e308]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)


@cache
def _schemas() -> dict[str, Any]:
    return {document["$id"]: document for document in (json.loads(schema_text(name)) for name in schema_names())}


def bodies(type_: str) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of a message type that its schema allows."""
    return _of(_schemas()[f"urn:deskwire:1.0:body-{type_}"])


def _of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        name, _, place = schema["$ref"].partition("#")
        found = _schemas()[name]
        for step in place.split("/")[1:]:
            found = found[step]
        return _of(found)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of(*[_of_kind(kind, schema) for kind in kinds])


def _of_kind(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "object":
        return _objects(schema)
    if kind == "array":
        unique = (lambda value: value) if schema.get("uniqueItems") else None
        return st.lists(_of(schema["items"]), max_size=min(3, schema["maxItems"]), unique_by=unique)
    if kind == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if kind == "number":
        return st.floats(schema["minimum"], schema["maximum"], allow_nan=False)
    simple = {"boolean": st.booleans(), "null": st.none()}
    return simple[kind] if kind in simple else _strings(schema)


def _strings(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "format" in schema:
        return _FORMATS[schema["format"]]
    most = schema["maxLength"]
    if "pattern" in schema:
        pattern = schema["pattern"].removesuffix("$") + r"\Z"
        return st.from_regex(pattern, alphabet=st.characters(codec="ascii")).filter(
            lambda text: len(text) <= most and re.search(pattern, text)
        )
    return words.map(lambda text: text[:most]).filter(lambda text: len(text) >= schema.get("minLength", 0))


@st.composite
def _objects(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    properties, needed = schema["properties"], set(schema.get("required", []))
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            picked = draw(st.sampled_from(schema[choice]))["required"]
            others = {name for option in schema[choice] for name in option["required"]} - set(picked)
            needed |= set(picked)
            properties = {name: value for name, value in properties.items() if choice == "anyOf" or name not in others}
    wanted = needed | {name for name in properties if draw(st.booleans())}
    for name, also in schema.get("dependentRequired", {}).items():
        wanted |= set(also) if name in wanted else set()
    return {name: draw(_of(properties[name])) for name in sorted(wanted)}
