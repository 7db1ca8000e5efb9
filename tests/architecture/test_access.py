"""No address without a declared access, no role with a permission nobody declared, no business table outside the wall."""

import re

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from qingting.core.logs import without_secrets
from qingting.core.permissions import declared
from qingting.staff.roles import ROLES

# Tables with an organisation that hold nothing about a seeker, each with the reason it stands outside the wall.
OUTSIDE_THE_WALL = {
    "staff_post": "who works where is asked before anybody's scope is known",
    "staff_session": "read to find out who is asking",
    "directory_clockrule": "configuration",
    "exchange_apikey": "read to find out who is asking",
}


def patterns(resolver: URLResolver, prefix: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


@pytest.mark.parametrize(
    ("address", "view"), list(patterns(get_resolver())), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_address_says_who_may_call_it(address, view):
    access = getattr(view, "declared_access", "")
    assert access, f"/{address} declares no access"
    if not access.startswith(("open: ", "signed in")):
        assert access in declared(), f"/{address} asks for {access}, which nobody declared"


def test_roles_collect_only_permissions_that_a_room_declared():
    asked = {name for role in ROLES.values() for name in role.permissions}
    assert asked <= set(declared())


def test_every_declared_permission_is_held_by_some_role():
    held = {name for role in ROLES.values() for name in role.permissions}
    assert set(declared()) <= held


@pytest.mark.django_db
def test_every_business_table_stands_behind_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
              AND a.attname = 'organisation_id' AND NOT a.attisdropped AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""
        )
        outside = {row[0] for row in cursor.fetchall()}
    assert outside == set(OUTSIDE_THE_WALL)


def test_a_secret_in_an_address_stays_out_of_the_log():
    for address, _view in patterns(get_resolver()):
        if ":token>" in address:
            asked = "/" + re.sub(r"<\w+:(\w+)>", r"\1-of-somebody", address)
            assert "token-of-somebody" not in without_secrets(asked), f"/{address} is not in core/logs.py"
