"""Rows on their way to the database as JSON: what one statement that writes several tables takes as its parameters."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from django.db import models

from qingting.core.transactions import later

Model = TypeVar("Model", bound=models.Model)


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    fields = model._meta.concrete_fields  # noqa: SLF001  (documented, in spite of its name)
    return tuple((str(field.column), field.attname) for field in fields)


def as_row(instance: models.Model) -> dict[str, Any]:
    """Every column of an instance that is not stored yet, defaults included, by column name."""
    return {column: getattr(instance, name) for column, name in _columns(type(instance))}


def columns(model: type[models.Model], alias: str) -> str:
    """Its columns for a SELECT written by hand, where the ORM would take longer to write it than the database to answer."""
    return ", ".join(f"{alias}.{column}" for column, _ in _columns(model))


def width(model: type[models.Model]) -> int:
    """How many columns that are."""
    return len(_columns(model))


def instance_of(model: type[Model], values: Sequence[Any]) -> Model:
    """The instance that such values make. Only for models whose columns need no conversion (no JSON, no arrays)."""
    return model.from_db("default", [name for _, name in _columns(model)], list(values))


def store_later(rows: Sequence[models.Model], *, unless_there: bool = False) -> None:
    """Store new rows of one table by one statement that travels with the next (`transactions.later`). unless_there: a row
    that the database would refuse as a second one is left out."""
    if rows:
        later(_insert(type(rows[0]), unless_there), [as_json([as_row(row) for row in rows])])


@cache
def _insert(model: type[models.Model], unless_there: bool) -> str:
    table = model._meta.db_table  # noqa: SLF001
    conflict = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(null::{table}, %s::jsonb){conflict}"


def _written(value: Any) -> str:
    """What JSON has no form for, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds()} seconds"
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no place in a row")


_write = json.JSONEncoder(ensure_ascii=False, default=_written, separators=(",", ":")).encode


def as_json(row: dict[str, Any] | list[dict[str, Any]]) -> str:
    """One row, or several of one table, as the text of a jsonb parameter."""
    return _write(row)
