"""Whoever works elsewhere knocks at every address with the number of somebody else's row: nothing is read, nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from django.db.models import Model
from psycopg import sql

from qingting.simulation.browser import Browser
from tests.faults import strangers
from tests.faults.strangers import MARK, NUMBER
from tests.platform import Platform

pytestmark = pytest.mark.faults

ELSEWHERE = ("guangxi", "guangxi-leader", "guangxi-system", "handler", "partner")
HERE = ("counsellor", "leader")
WORDS = "请尽快处理，谢谢"
# What forms ask for most: enough that many get past their form, to the row.
FORM = {
    **dict.fromkeys(("reason", "words", "text", "note", "summary", "instructions", "title", "body", "grounds"), WORDS),
    **dict.fromkeys(("level", "urgency", "risk_level"), "URGENT"),
    **dict.fromkeys(("kind", "act"), "note"),
    **dict.fromkeys(("account_id", "organisation_id", "desk_id", "seeker_id", "into", "other"), str(NUMBER)),
    "version": "1",
    "division": "440106",
    "confirm": "on",
}


@dataclass
class Elsewhere:
    """A platform on which an organisation has a row of one number in every table."""

    platform: Platform
    database: str
    models: list[type[Model]]

    def rows(self) -> dict[str, str]:
        """What each table holds of it now, and whatever else names that number."""
        with psycopg.connect(self.database) as owner:
            return {model._meta.db_table: _told_of(owner, model._meta.db_table) for model in self.models}


def _told_of(owner: psycopg.Connection, table: str) -> str:
    words = sql.SQL("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {} t WHERE t::text LIKE %s")
    ((found,),) = owner.execute(words.format(sql.Identifier(table)), [f"%{NUMBER}%"]).fetchall()
    return str(found)


@pytest.fixture(scope="module")
def elsewhere(platform: Platform) -> Iterator[Elsewhere]:
    cluster = platform.rehearsal.cluster
    parts = urlsplit(cluster.url)
    password = (cluster.home / "superuser.password").read_text("ascii").strip()
    database = parts._replace(netloc=f"postgres:{password}@{parts.hostname}:{parts.port}").geturl()
    ((here,),) = platform.sql("SELECT id FROM directory_organisation WHERE name = '广东12355青少年服务台'")
    models = strangers.fill(database, here)
    try:
        yield Elsewhere(platform, database, models)
    finally:
        strangers.clear(database, models)


def _knock(browser: Browser, method: str, address: str) -> httpx.Response:
    token = {"X-CSRFToken": browser.client.cookies.get("qt_csrf", "")}
    return browser.client.request(method, address, data=FORM if method == "POST" else None, headers=token)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nobody_elsewhere_reads_or_changes_a_row_that_is_not_theirs(elsewhere: Elsewhere, name: str):
    browser = elsewhere.platform.staff(name).browser
    before, wrong = elsewhere.rows(), []
    for address in strangers.addresses():
        for method in ("GET", "POST"):
            answer = _knock(browser, method, address)
            if MARK in answer.text or answer.status_code >= 500:
                wrong.append((method, address.replace(str(NUMBER), "…"), answer.status_code))
    after = elsewhere.rows()
    assert not wrong
    assert {table for table in before if before[table] != after[table]} == set()


def test_those_whose_rows_they_are_do_read_them(elsewhere: Elsewhere):
    """Or the test above would be content with a platform on which nobody reads anything."""
    seen = set()
    for name in HERE:
        browser = elsewhere.platform.staff(name).browser
        seen |= {address for address in strangers.addresses() if MARK in _knock(browser, "GET", address).text}
    assert len(seen) > 20, sorted(seen)
