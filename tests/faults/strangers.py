"""A row of one organisation in every table behind the wall, all of one number, and every address that can name it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
from django.apps import apps
from django.db.models import CharField, Field, JSONField, Model, TextField, UUIDField
from django.urls import URLPattern, URLResolver, get_resolver
from psycopg import sql
from psycopg.types.json import Jsonb

NUMBER = 424_242_424_242_424_242  # the primary key of each of these rows, and what they all refer to
MARK = "只属于广东的一句话"
PROVINCE = "440000"
MOMENT = datetime(2099, 1, 1, tzinfo=UTC)  # far ahead, so that no job of the worker finds it due
WALLED = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND NOT c.relispartition AND c.relrowsecurity AND c.relforcerowsecurity
"""
NUMBERS = frozenset({"BigIntegerField", "BigAutoField", "ForeignKey", "OneToOneField"})
VALUES: dict[str, Any] = {
    **dict.fromkeys(("BigIntegerField", "BigAutoField"), NUMBER),
    **dict.fromkeys(("IntegerField", "SmallIntegerField", "FloatField"), 1),
    "ArrayField": [],
    "BinaryField": b"\x00",
    "BooleanField": False,
    "DateField": date(2026, 1, 1),
    "DateTimeField": MOMENT,
    "DurationField": timedelta(hours=1),
    "JSONField": Jsonb({}),
    "TimeField": time(8),
}
# The journal can't be taken back, and what the wall keeps of it is tested beside.
WRITTEN_FOR_GOOD = frozenset({"core_entry", "core_seal"})

# What a row needs that its columns do not tell, by table.
SANE: dict[str, dict[str, Any]] = {
    "assistance_ledgerentry": {"kind": "PAYMENT", "amount_fen": 1, "reverses_id": None},
    "chains_chain": {"origin_region": "440000", "destination_region": "450000"},
    "conferences_conferencedecision": {"way": "ORDER", "handoff_id": None},
    "contacts_contact": {"state": "COMPLETED", "completed_at": MOMENT},
    "knowledge_articleversion": {"reviewed_by_account_id": 1},
    "knowledge_resource": {"confirmed_by_account_id": 1},
    "lexicon_labelledrow": {"corrected_by_account_id": 1},
    "orders_catalogue": {"state": "ACTIVE", "active_from": MOMENT},
    "orders_catalogueline": {"rule": "FIXED", "handler_organisation_id": NUMBER},
    "orders_workorder": {
        "state": "DISPATCHED",
        "handler_organisation_id": NUMBER,
        "merged_into_id": None,
        "parent_id": None,
    },
    "reception_turn": {"state": "DROPPED"},
    "seekers_seekermerge": {"merged_id": 1},
    "telephony_blockednumber": {"agreed_by_account_id": 1},
}


def fill(database: str, organisation: int) -> list[type[Model]]:
    """Write the rows, past references and triggers; `database` is its superuser's. Gives whose tables took one."""
    with psycopg.connect(database) as owner:
        owner.execute("SET session_replication_role = replica")
        walled = {name for (name,) in owner.execute(WALLED).fetchall()} - WRITTEN_FOR_GOOD
        models = [model for model in apps.get_models() if model._meta.db_table in walled]
        assert {model._meta.db_table for model in models} == walled
        for model in models:
            _fill(owner, model, organisation)
    return models


def clear(database: str, models: list[type[Model]]) -> None:
    """Take them away again."""
    with psycopg.connect(database) as owner:
        owner.execute("SET session_replication_role = replica")
        for model in models:
            key = model._meta.pk
            ours = MARK[: key.max_length] if key.max_length else NUMBER
            words = sql.SQL("DELETE FROM {} WHERE {} = %s")
            owner.execute(words.format(sql.Identifier(model._meta.db_table), sql.Identifier(key.column)), [ours])


def _fill(owner: psycopg.Connection[Any], model: type[Model], organisation: int) -> None:
    row = {field.column: _value(field, organisation) for field in model._meta.concrete_fields if not field.generated}
    row |= SANE.get(model._meta.db_table, {})
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    places = sql.SQL(", ").join(sql.Placeholder() * len(row))
    table = sql.Identifier(model._meta.db_table)
    owner.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, names, places), list(row.values()))


def _value(field: Field[Any, Any], organisation: int) -> Any:
    """What tells to whom it belongs, as far as the column lets it."""
    if field.column in ("organisation_id", "province"):
        return {"organisation_id": organisation, "province": PROVINCE}[field.column]
    if isinstance(field, UUIDField):
        return uuid.UUID(int=NUMBER)
    if field.primary_key or field.is_relation or field.column.endswith("_id"):
        return NUMBER if field.get_internal_type() in NUMBERS else MARK[: field.max_length]
    return _content(field)


def _content(field: Field[Any, Any]) -> Any:
    if field.choices:
        return next(iter(field.flatchoices))[0]
    if isinstance(field, CharField | TextField):
        return MARK[: field.max_length]
    if field.has_default():
        given = field.get_default()
        return Jsonb(given) if isinstance(field, JSONField) else given
    return None if field.null else VALUES[field.get_internal_type()]


def addresses() -> list[str]:
    """Every address of the platform that names a row, with the number of ours in it."""
    return sorted({_with_our_number(address) for address in _patterns(get_resolver()) if "<int:" in address})


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def _with_our_number(pattern: str) -> str:
    return "/" + re.sub(r"<\w+:\w+>", "x", re.sub(r"<int:\w+>", str(NUMBER), pattern))
