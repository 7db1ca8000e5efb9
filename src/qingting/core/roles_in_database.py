"""The role the application works with: it owns nothing, can't switch off row-level security, and can't alter the journal."""

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

_APPEND_ONLY = ("core_entry", "core_seal")


def ensure_application_role(connection: BaseDatabaseWrapper) -> None:
    """Create the role with the password of this installation, or bring its password up to date."""
    database = settings.DATABASES["default"]
    name = str(database["USER"])
    if name == settings.OWNER_DATABASE["USER"]:
        return
    role, password = sql.Identifier(name), sql.Literal(database["PASSWORD"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        # An owner without superuser rights may create such a role and later change its password, but not its attributes.
        known = cursor.fetchone() is not None
        words = (
            "ALTER ROLE {} LOGIN PASSWORD {}"
            if known
            else ("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}")
        )
        statement = sql.SQL(words).format(role, password)
        cursor.execute(statement.as_string(cursor.connection))


def grant_rights(connection: BaseDatabaseWrapper) -> None:
    """Data, no definitions; and of the journal only reading and appending."""
    role = '"' + str(settings.DATABASES["default"]["USER"]).replace('"', '""') + '"'
    with connection.cursor() as cursor:
        cursor.execute(
            f"GRANT USAGE ON SCHEMA public TO {role};"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};"
        )
        for table in _APPEND_ONLY:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
