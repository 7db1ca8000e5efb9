"""Rows on their way to the database as JSON: what one statement that writes several tables takes as its parameters."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import models


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    fields = model._meta.concrete_fields  # noqa: SLF001  (documented, in spite of its name)
    return tuple((str(field.column), field.attname) for field in fields)


def as_row(instance: models.Model) -> dict[str, Any]:
    """Every column of an instance that is not stored yet, defaults included, by column name."""
    return {column: getattr(instance, name) for column, name in _columns(type(instance))}


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
