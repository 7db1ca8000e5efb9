"""What every room's tests stand on: a small tree of organisations and three fixed people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase

from qingting.core import time
from qingting.core.actors import Actor
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import reference
from qingting.directory.models import CaseCategory, ClockRule, Division, Organisation
from qingting.directory.states import DivisionLevel, OrganisationKind, PartnerKind
from qingting.staff.actors import actor_for
from qingting.staff.models import Account, Post, Session
from qingting.staff.sessions import digest

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # Wednesday, 12:00 in Beijing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with real transactions are slow: every table is emptied after each of them."""
    for item in items:
        marks = item.iter_markers("django_db")
        if any(mark.kwargs.get("transaction") for mark in marks):
            item.add_marker(pytest.mark.slow)


_ARMOURED = ("core_entry", "core_seal")


@pytest.fixture(scope="session", autouse=True)
def clearable_journal():
    """A test with real transactions (two act at once) empties all tables afterwards; for that moment the armour is off."""
    empty = TransactionTestCase._fixture_teardown

    def teardown(test: TransactionTestCase) -> None:
        _arm("disable")
        empty(test)
        with connection.cursor() as cursor:
            cursor.execute("delete from core_seal")  # known to no model, so not emptied with the rest
        _arm("enable")

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = empty


def _arm(verb: str) -> None:
    with connection.cursor() as cursor:
        for table in _ARMOURED:
            cursor.execute(f"alter table {table} {verb} trigger user")


@pytest.fixture
def at() -> datetime:
    """A fixed moment: Wednesday noon in Beijing."""
    return NOON


class SmallTree:
    """Nation › Guangdong › Guangzhou › Tianhe, a provincial station, 110 beside it; and Guangxi › Nanning as elsewhere."""

    def __init__(self) -> None:
        self._divide()
        self._added: list[Organisation] = []
        self.nation = self._add(OrganisationKind.NATION, "团中央权益部", "000000", None, None)
        self.province = self._add(OrganisationKind.PROVINCE, "广东团省委", "440000", "440000", self.nation)
        self.station = self._add(OrganisationKind.STATION, "广东12355", "440000", "440000", self.province)
        self.city = self._add(OrganisationKind.CITY, "广州团市委", "440000", "440100", self.province)
        self.county = self._add(OrganisationKind.COUNTY, "天河团区委", "440000", "440106", self.city)
        self.other_city = self._add(OrganisationKind.CITY, "深圳团市委", "440000", "440300", self.province)
        self.police = self._add(OrganisationKind.PARTNER, "广东110", "440000", "440000", None, PartnerKind.POLICE_110)
        self.elsewhere = self._add(OrganisationKind.PROVINCE, "广西团区委", "450000", "450000", self.nation)
        self.elsewhere_station = self._add(OrganisationKind.STATION, "广西12355", "450000", "450000", self.elsewhere)
        Organisation.objects.bulk_create(self._added)

    def _divide(self) -> None:
        rows = (
            ("440000", "广东省", DivisionLevel.PROVINCE, None),
            ("440100", "广州市", DivisionLevel.CITY, "440000"),
            ("440106", "天河区", DivisionLevel.COUNTY, "440100"),
            ("440300", "深圳市", DivisionLevel.CITY, "440000"),
            ("450000", "广西壮族自治区", DivisionLevel.PROVINCE, None),
        )
        divisions = (Division(code=code, name=name, level=level, parent_id=above) for code, name, level, above in rows)
        Division.objects.bulk_create(divisions, ignore_conflicts=True)

    def _add(
        self,
        kind: OrganisationKind,
        name: str,
        province: str,
        division: str | None,
        parent: Organisation | None,
        partner_kind: str = "",
    ) -> Organisation:
        organisation = Organisation(
            kind=kind,
            name=name,
            short_name=name,
            province=province,
            division_id=division,
            parent=parent,
            partner_kind=partner_kind,
            path=[],
        )
        organisation.path = [*(parent.path if parent else []), organisation.id]
        self._added.append(organisation)
        return organisation

    def person(self, role: str, organisation: Organisation, name: str = "") -> Actor:
        """Somebody new with one role in one organisation."""
        account = Account.objects.create(username=f"{role.lower()}-{organisation.id}-{name}", display_name=name or role)
        Post.objects.create(
            account=account, organisation=organisation, role=role, valid_from=datetime(2026, 1, 1, tzinfo=UTC)
        )
        return actor_for(account.id, organisation, at=NOON)


@pytest.fixture
def tree(db: None) -> SmallTree:
    """The small tree; the scope of the test itself sees everything until `acting` says otherwise."""
    return SmallTree()


@pytest.fixture
def agent_here(tree: SmallTree) -> Actor:
    """A counsellor at Guangdong's station."""
    return tree.person("COUNSELLOR", tree.station, "李岚")


@pytest.fixture
def leader_here(tree: SmallTree) -> Actor:
    """The shift leader of the same station."""
    return tree.person("SHIFT_LEADER", tree.station, "周宁")


@pytest.fixture
def agent_elsewhere(tree: SmallTree) -> Actor:
    """A counsellor of another province, who must be refused."""
    return tree.person("COUNSELLOR", tree.elsewhere_station, "韦青")


@pytest.fixture
def everything(db: None):
    """Look at all rows, to check what is really stored."""
    with acting(EVERYTHING):
        yield
    assert connection.connection is not None


@pytest.fixture
def known_clock_rules(db: None) -> None:
    """The clock rules that the product comes with."""
    ClockRule.objects.bulk_create((ClockRule(**row) for row in reference.clock_rules()), ignore_conflicts=True)


@pytest.fixture
def known_categories(db: None) -> None:
    """The case categories that the product comes with."""
    CaseCategory.objects.bulk_create((CaseCategory(**row) for row in reference.categories()), ignore_conflicts=True)


@pytest.fixture
def browser(db):
    """`browser(actor)`: a client with a live session of that person, for the organisation they act for."""

    def signed_in(actor) -> Client:
        at, token = time.now(), f"a token of {actor.account_id}"
        live = {
            "account_id": actor.account_id,
            "organisation_id": actor.organisation_id,
            "created_at": at,
            "last_seen_at": at,
            "expires_at": at + timedelta(hours=1),
            "second_factor_at": at,
        }
        Session.objects.update_or_create(digest=digest(token), defaults=live)
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        client.cookies[settings.SESSION_COOKIE] = token
        return client

    return signed_in
