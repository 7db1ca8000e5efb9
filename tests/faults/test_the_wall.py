"""What a query as the application's own role can't do, whatever its author forgot (R-K2), and what the journal notices."""

import psycopg
import pytest
from psycopg import sql

from qingting.simulation.counsellor import Counsellor
from qingting.simulation.seeker import Seeker
from tests.platform import Platform, eventually

pytestmark = pytest.mark.faults

BEHIND_THE_WALL = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND c.relrowsecurity AND c.relforcerowsecurity ORDER BY 1
"""

# What is published there is for everybody to read, on the portal too; drafts stay behind the wall like all else.
TOLD_TO_ALL = {"knowledge_article", "knowledge_articleversion", "knowledge_resource"}


@pytest.fixture(scope="module")
def busy(platform: Platform) -> Platform:
    """The platform with rows in its tables: a talk that became a case with an order and a handoff."""
    counsellor, seeker = Counsellor(platform.staff("counsellor").browser), Seeker(platform.seeker())
    counsellor.be("READY")
    seeker.begin()
    seeker.say("我站在楼顶，不想活了")
    conversation = eventually(counsellor.take_offer, "an offer")
    contact = counsellor.contact_of(conversation)
    category = counsellor.fill_in(contact, level="CRITICAL", summary="在楼顶", division="440106")
    counsellor.assess(contact, level="CRITICAL", where="三号楼楼顶")
    case = counsellor.open_case(contact, urgency="CRITICAL", division="440106", category=category)
    counsellor.send_order(case, urgency="CRITICAL", division="440106", instructions="请立即到场陪伴")
    counsellor.hand_off(case, item=1, words="请尽快到场")
    counsellor.end(conversation)
    counsellor.be("OFFLINE")
    return platform


@pytest.fixture
def as_application(busy: Platform):
    """A connection as the role that the platform works with."""
    with psycopg.connect(busy.application_database) as connection:
        yield connection


def visible(connection: psycopg.Connection, organisations: str) -> dict[str, int]:
    """How many rows of each table behind the wall are seen in a scope, with no filter at all; published knowledge left out."""
    connection.execute("SELECT set_config('app.organisations', %s, true)", (organisations,))
    tables = [name for (name,) in connection.execute(BEHIND_THE_WALL).fetchall()]
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: connection.execute(count.format(sql.Identifier(name))).fetchall()[0][0]
        for name in tables
        if name not in TOLD_TO_ALL
    }


def owned(busy: Platform, table: str, organisation: int) -> int:
    """How many of its rows belong to this organisation."""
    return int(busy.sql(f"SELECT count(*) FROM {table} WHERE organisation_id = %s", organisation)[0][0])


def test_another_organisations_scope_sees_no_row_of_any_table(busy, as_application):
    ((here, elsewhere),) = busy.sql(
        "SELECT (SELECT id FROM directory_organisation WHERE name = '广东12355青少年服务台'),"
        " (SELECT id FROM directory_organisation WHERE name = '广西12355青少年服务台')"
    )
    own = visible(as_application, f"{{{here}}}")
    filled = {"chat_message", "contacts_contact", "cases_case", "orders_workorder", "linkage_handoff", "core_entry"}
    assert all(own[table] for table in filled), own
    others = visible(as_application, f"{{{elsewhere}}}")
    assert others == {table: owned(busy, table, elsewhere) for table in others}


def test_no_scope_sees_nothing_at_all(as_application):
    assert set(visible(as_application, "").values()) == {0}


def test_of_knowledge_strangers_read_what_is_published_only(busy, as_application):
    busy.sql(
        "UPDATE knowledge_articleversion SET state = 'DRAFT' WHERE id = (SELECT min(id) FROM knowledge_articleversion)"
    )
    as_application.execute("SELECT set_config('app.organisations', '', true)")
    seen = as_application.execute("SELECT DISTINCT state FROM knowledge_articleversion").fetchall()
    assert {state for (state,) in seen} == {"PUBLISHED"}


def test_the_application_can_not_lift_the_wall(as_application):
    for statement in (
        "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY scope ON cases_case",
        "CREATE TABLE mine (id int)",
        "SET ROLE postgres",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), as_application.transaction():
            as_application.execute(statement)


@pytest.mark.parametrize("table", ["core_entry", "core_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_journal_takes_no_change_from_the_application(as_application, table, statement):
    as_application.execute("SELECT set_config('app.everything', 'on', true)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
        as_application.execute(statement.format(table))


@pytest.mark.parametrize("table", ["core_entry", "core_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_not_even_from_its_owner(busy, table, statement):
    with psycopg.connect(busy.database) as owner:
        owner.execute("SELECT set_config('app.everything', 'on', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(statement.format(table))


def test_a_row_with_another_organisations_name_on_it_is_not_taken(busy, as_application):
    ((case, home),) = busy.sql("SELECT id, organisation_id FROM cases_case ORDER BY id LIMIT 1")
    as_application.execute("SELECT set_config('app.organisations', %s, true)", (f"{{{home}}}",))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        as_application.execute(
            "INSERT INTO cases_casenote (id, organisation_id, province, case_id, act, text, at)"
            " VALUES (1, 1, '440000', %s, 'note', 'x', now())",
            (case,),
        )
