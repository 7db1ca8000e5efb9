"""A browser with somebody signed in."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from qingting.core import time
from qingting.staff.models import Account, Session
from qingting.staff.sessions import digest

TOKEN = "a-token-for-this-test"


@pytest.fixture
def sign_in(db):
    """`sign_in(actor)`: a client with a live session of that person, for the organisation they act for."""

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
