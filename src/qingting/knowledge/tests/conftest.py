"""The product's own content, a writer, and a browser with somebody signed in."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from qingting.core import time
from qingting.knowledge import services
from qingting.staff.models import Account, Session
from qingting.staff.sessions import digest

TOKEN = "a-token-for-this-test"


@pytest.fixture
def seeded(tree, known_categories, at):
    """The content that the product comes with."""
    return services.load_seeds(at=at)


@pytest.fixture
def text():
    """Something a colleague might write."""
    return services.Text(
        title="天河区的自习室在哪里",
        summary="区图书馆和青年之家都可以自习，不收钱。",
        body="区图书馆每天九点到二十一点开放。\n\n青年之家要提前一天预约，带身份证。",
        questions=("哪里可以自习", "自习室", "图书馆开门吗"),
        sources=("天河团区委",),
    )


@pytest.fixture
def sign_in(db):
    """`sign_in(actor)`: a client with a live session of that person."""

    def signed_in(actor, token: str = TOKEN) -> Client:
        at = time.now()
        Session.objects.create(
            account=Account.objects.get(pk=actor.account_id),
            digest=digest(token),
            organisation_id=actor.organisation_id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(hours=1),
            second_factor_at=at,
        )
        client = Client()
        client.cookies[settings.SESSION_COOKIE] = token
        return client

    return signed_in
