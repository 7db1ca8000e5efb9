"""Administrators look after their own organisations, and nobody else's."""

from datetime import timedelta

import pytest

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.directory.models import Organisation
from qingting.staff import selectors, services
from qingting.staff.actors import actor_for, valid_posts
from qingting.staff.models import Account, Post
from qingting.staff.services import NewAccount, NewPost

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(tree, everything):
    return tree.person("ORGANISATION_ADMINISTRATOR", tree.province, "谢雨桐")


@pytest.fixture
def overseer(tree, everything):
    return tree.person("SYSTEM_ADMINISTRATOR", tree.province, "郑凯")


def somebody(organisation, at, *, role="ORDER_HANDLER", username="he.jiamin") -> NewAccount:
    post = NewPost(organisation_id=organisation.id, role=role, valid_from=at)
    return NewAccount(username=username, display_name="何嘉敏", post=post)


@pytest.fixture
def handler(administrator, tree, at) -> Account:
    account, _ = services.add_account(actor=administrator, details=somebody(tree.county, at), at=at)
    return account


def test_a_new_account_has_a_post_and_must_change_its_password(handler, tree, at):
    assert handler.must_change_password
    assert [post.organisation for post in valid_posts(handler.id, at=at)] == [tree.county]
    assert "orders.work" in actor_for(handler.id, tree.county, at=at).permissions


def test_the_journal_names_nobody(handler):
    entries = Entry.objects.filter(name__startswith="staff.")
    assert [entry.name for entry in entries.order_by("id")] == ["staff.account-added", "staff.post-added"]
    assert all("何嘉敏" not in str(entry.data) and "jiamin" not in str(entry.data) for entry in entries)


def test_an_organisation_out_of_reach_is_refused(administrator, tree, at):
    with pytest.raises(NotAllowed):
        services.add_account(actor=administrator, details=somebody(tree.elsewhere, at), at=at)


def test_without_the_permission_nobody_is_added(leader_here, tree, at, everything):
    with pytest.raises(NotAllowed):
        services.add_account(actor=leader_here, details=somebody(tree.station, at), at=at)


@pytest.mark.parametrize("role", ["SYSTEM_ADMINISTRATOR", "AUDITOR"])
def test_overseers_are_appointed_by_overseers_only(administrator, overseer, tree, at, role):
    with pytest.raises(NotAllowed):
        services.add_account(actor=administrator, details=somebody(tree.city, at, role=role), at=at)
    assert services.add_account(actor=overseer, details=somebody(tree.city, at, role=role), at=at)


def test_a_username_is_used_once(administrator, handler, tree, at):
    with pytest.raises(Invalid):
        services.add_account(actor=administrator, details=somebody(tree.city, at, username=" HE.jiamin "), at=at)


def test_somebody_of_another_province_is_not_found(administrator, agent_elsewhere, at):
    for act in (services.reset_second_factor, services.deactivate_account, services.reset_password):
        with pytest.raises(NotFound):
            act(actor=administrator, account_id=agent_elsewhere.account_id, at=at)
    assert not selectors.people(administrator).filter(pk=agent_elsewhere.account_id).exists()


def test_a_post_ends_at_once(administrator, handler, tree, at):
    later = at + timedelta(days=1)
    services.end_post(actor=administrator, post_id=handler.posts.get().id, at=later)
    assert actor_for(handler.id, tree.county, at=later).permissions == frozenset()
    with pytest.raises(DomainError):
        services.end_post(actor=administrator, post_id=handler.posts.get().id, at=later)


def test_a_post_holds_only_within_its_time(administrator, handler, tree, at):
    week = NewPost(
        organisation_id=tree.city.id,
        role="REVIEWER",
        valid_from=at + timedelta(days=1),
        valid_to=at + timedelta(days=8),
    )
    services.add_post(actor=administrator, account_id=handler.id, post=week, at=at)
    held = [actor_for(handler.id, tree.city, at=at + timedelta(days=days)).may("orders.review") for days in (0, 2, 9)]
    assert held == [False, True, False]


def test_the_same_post_is_not_given_twice(administrator, handler, tree, at):
    again = NewPost(organisation_id=tree.county.id, role="ORDER_HANDLER", valid_from=at)
    with pytest.raises(Invalid):
        services.add_post(actor=administrator, account_id=handler.id, post=again, at=at)


def test_nobody_acts_for_an_organisation_out_of_use(handler, tree, at):
    Organisation.objects.filter(pk=tree.county.pk).update(active=False)
    assert valid_posts(handler.id, at=at) == []
    assert actor_for(handler.id, tree.county, at=at).permissions == frozenset()


def test_nobody_appoints_or_deactivates_themselves(administrator, tree, at):
    more = NewPost(organisation_id=tree.station.id, role="SHIFT_LEADER", valid_from=at)
    with pytest.raises(NotAllowed):
        services.add_post(actor=administrator, account_id=administrator.account_id, post=more, at=at)
    with pytest.raises(NotAllowed):
        services.deactivate_account(actor=administrator, account_id=administrator.account_id, at=at)
    own = Post.objects.get(account_id=administrator.account_id)
    with pytest.raises(NotAllowed):
        services.end_post(actor=administrator, post_id=own.id, at=at)


def test_a_county_can_not_take_over_who_also_works_for_the_province(tree, handler, at):
    county = tree.person("ORGANISATION_ADMINISTRATOR", tree.county)
    Post.objects.create(account=handler, organisation=tree.province, role="REVIEWER", valid_from=at)
    with pytest.raises(NotAllowed):
        services.reset_password(actor=county, account_id=handler.id, at=at)


def test_resets_clear_what_they_reset(administrator, handler, at):
    password = services.reset_password(actor=administrator, account_id=handler.id, at=at)
    services.reset_second_factor(actor=administrator, account_id=handler.id, at=at)
    handler.refresh_from_db()
    assert handler.check_password(password)
    assert (handler.totp_secret, handler.totp_confirmed_at) == (None, None)


def test_who_has_left_may_come_back(administrator, handler, at):
    services.deactivate_account(actor=administrator, account_id=handler.id, at=at)
    assert not Account.objects.get(pk=handler.id).is_active
    services.activate_account(actor=administrator, account_id=handler.id, at=at)
    assert Account.objects.get(pk=handler.id).is_active


def test_holders_of_a_permission_are_found(handler, tree, at):
    assert list(selectors.holders(tree.county.id, "orders.work", at=at)) == [handler]
    assert list(selectors.holders(tree.county.id, "orders.review", at=at)) == []
