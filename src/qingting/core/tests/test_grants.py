"""What is opened to another organisation closes again: at once, for one party alone, or after a while."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from qingting.core.grants import end_access, grant_access, limit_access, opened_to
from qingting.core.models import Entry, Grant
from qingting.core.scope import acting

pytestmark = pytest.mark.django_db
CASE = ("case", 7)


@pytest.fixture
def opened(agent_here, tree, at, everything):
    for organisation in (tree.county, tree.city):
        grant_access(actor=agent_here, subject=CASE, to_organisation=organisation.id, purpose="ORDER_HANDLING", at=at)


def sees(organisation) -> bool:
    return 7 in opened_to(frozenset({organisation.id}), "case")


def test_granting_twice_is_once(opened, agent_here, tree, at):
    grant_access(actor=agent_here, subject=CASE, to_organisation=tree.county.id, purpose="ORDER_HANDLING", at=at)
    assert Grant.objects.count() == 2
    assert Entry.objects.filter(name="core.access-granted").count() == 2


def test_ending_one_partys_access_leaves_the_others(opened, agent_here, tree, at):
    assert end_access(actor=agent_here, subject=CASE, to_organisation=tree.county.id, at=at) == 1
    assert not sees(tree.county)
    assert sees(tree.city)


def test_ending_another_purpose_ends_nothing(opened, agent_here, tree, at):
    assert end_access(actor=agent_here, subject=CASE, purpose="ORDER_REVIEW", at=at) == 0
    assert sees(tree.county)


def test_a_limit_only_ever_brings_the_end_nearer(opened, at):
    soon, late = at + timedelta(days=30), at + timedelta(days=60)
    assert limit_access(subject=CASE, ends_at=soon) == 2
    assert limit_access(subject=CASE, ends_at=late) == 0
    assert set(Grant.objects.values_list("ends_at", flat=True)) == {soon}


def test_what_has_run_out_can_be_granted_anew(opened, agent_here, tree, at):
    limit_access(subject=CASE, ends_at=at + timedelta(days=30))
    much_later = at + timedelta(days=90)
    grant_access(
        actor=agent_here,
        subject=CASE,
        to_organisation=tree.county.id,
        purpose="ORDER_HANDLING",
        at=much_later,
    )
    live = Grant.objects.get(organisation_id=tree.county.id, revoked_at=None)
    assert (live.starts_at, live.ends_at) == (much_later, None)


def test_granting_again_before_the_end_moves_the_end(opened, agent_here, tree, at):
    limit_access(subject=CASE, ends_at=at + timedelta(days=30))
    grant_access(actor=agent_here, subject=CASE, to_organisation=tree.city.id, purpose="ORDER_HANDLING", at=at)
    assert Grant.objects.get(organisation_id=tree.city.id).ends_at is None


@pytest.fixture
def self_made(agent_elsewhere, at) -> Grant:
    """What somebody elsewhere would write to let themselves in."""
    return Grant(
        province="450000",
        subject_kind="case",
        subject_id=7,
        organisation_id=agent_elsewhere.organisation_id,
        granted_by_organisation_id=agent_elsewhere.organisation_id,
        purpose="ORDER_HANDLING",
        starts_at=at,
    )


def test_nobody_lets_themselves_in(self_made, agent_elsewhere):
    with (
        acting(agent_elsewhere.scope),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        self_made.save(force_insert=True)


def test_nobody_prolongs_or_ends_what_was_opened_to_them(opened, tree, at):
    handler = tree.person("ORDER_HANDLER", tree.county)
    with acting(handler.scope):
        mine = Grant.objects.filter(organisation_id=tree.county.id)
        assert mine.exists()
        assert mine.update(ends_at=at + timedelta(days=900)) == 0
        assert mine.delete()[0] == 0
