"""The schemas of messages (JSON Schema 2020-12, in `schemas/`) and what is wrong with a message, by path."""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from deskwire.moments import day_from_wire, from_wire

MAX_ERRORS = 20
_LOOKED_AT = 200
Rule = Callable[[Any, Any, Any, Any], Iterator[Any] | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where in the message, which rule of the schema, and the rule in words.

    It never repeats the value, which may be about a person.
    """

    path: str
    schema_path: str
    rule: str

    def to_wire(self) -> dict[str, str]:
        """Write the fault as problems carry it."""
        return {"path": self.path, "schemaPath": self.schema_path, "rule": self.rule}


def faults(document: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with a message, first things first; empty when nothing is."""
    errors = _validator().iter_errors(dict(document))
    found = [_fault(error) for error in islice(errors, _LOOKED_AT)]  # whoever sends a thousand faults waits for no more
    return sorted(found, key=lambda fault: (fault.path, fault.schema_path))[:MAX_ERRORS]


def schema_names() -> list[str]:
    """Name the schema files, for those who publish them."""
    return sorted(file.name for file in resources.files("deskwire").joinpath("schemas").iterdir())


def schema_text(name: str) -> str:
    """Return one schema file's text."""
    return resources.files("deskwire").joinpath("schemas", name).read_text("utf-8")


def _fault(error: Any) -> Fault:
    schema_path = "/".join(str(step) for step in error.absolute_schema_path)
    rule = f"{error.validator}: {json.dumps(error.validator_value, ensure_ascii=False)[:200]}"
    path = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)
    return Fault(path, "/" + schema_path, rule)


@cache
def _validator() -> Any:
    # Each file names its dialect; where a reference leads into one that does, jsonschema would go on by the dialect's rules
    # and forget ours.
    documents = [
        {name: part for name, part in json.loads(schema_text(file)).items() if name != "$schema"}
        for file in schema_names()
    ]
    registry: Any = Registry().with_resources(
        (document["$id"], DRAFT202012.create_resource(document)) for document in documents
    )
    envelope = next(document for document in documents if document["$id"].endswith(":envelope"))
    stricter = {"pattern": _whole_pattern} | {keyword: _within_size(keyword) for keyword in ("items", "uniqueItems")}
    strict = jsonschema.validators.extend(Draft202012Validator, stricter)
    return strict(envelope, registry=registry, format_checker=_formats())


def _within_size(keyword: str) -> Rule:
    """The keyword's own rule, for lists that are not too long; `maxItems` refuses the others. Looking at each item of a list
    that fills the request, or comparing each with each, would occupy the desk for minutes."""
    rule: Rule = Draft202012Validator.VALIDATORS[keyword]

    def judge(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
        if not isinstance(value, list) or len(value) <= schema.get("maxItems", len(value)):
            yield from rule(validator, wanted, value, schema) or ()

    return judge


def _whole_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:
    # Python's `$` also matches before a last line feed; ECMA's, for which the schemas are written, does not.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield jsonschema.ValidationError("does not match the pattern")


_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date-time": lambda text: bool(from_wire(text)),
    "date": lambda text: bool(day_from_wire(text)),
    "uuid": lambda text: str(uuid.UUID(text)) == text,
}


def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, read in _FORMATS.items():
        checker.checks(name, raises=ValueError)(lambda value, read=read: not isinstance(value, str) or read(value))
    return checker
