"""A page goes on listening to what it was drawn for, and nobody else does."""

import pytest
from django.urls import reverse

from qingting.core.errors import NotAllowed
from qingting.core.push import read_token
from qingting.sites.workbench.push_permits import own_channels, permit_for, renewed_token


def test_a_page_hears_its_person_its_organisation_and_what_it_names(agent_here):
    permit = permit_for(agent_here, 1, ["case:5"])
    assert set(read_token(permit.token)[0]) == {*own_channels(agent_here), "case:5"}
    assert set(read_token(renewed_token(permit.permit, agent_here, 1))[0]) == set(read_token(permit.token)[0])


def test_another_session_or_another_post_cannot_use_it(agent_here, agent_elsewhere):
    permit = permit_for(agent_here, 1).permit
    for actor, session_id in ((agent_here, 2), (agent_elsewhere, 1)):
        with pytest.raises(NotAllowed):
            renewed_token(permit, actor, session_id)


@pytest.mark.parametrize("permit", ["", "forged", "a:b:c"])
def test_what_we_did_not_sign_is_refused(permit, agent_here):
    with pytest.raises(NotAllowed):
        renewed_token(permit, agent_here, 1)


def test_a_stream_token_is_no_permit(agent_here):
    with pytest.raises(NotAllowed):
        renewed_token(permit_for(agent_here, 1).token, agent_here, 1)


def test_a_permit_ends_after_a_day(agent_here, monkeypatch):
    permit = permit_for(agent_here, 1).permit
    monkeypatch.setattr("qingting.sites.workbench.push_permits.PERMIT_AGE_SECONDS", -1)
    with pytest.raises(NotAllowed):
        renewed_token(permit, agent_here, 1)


def test_the_page_renews_over_http(sign_in, agent_here):
    client = sign_in(agent_here)
    page = client.get(reverse("workbench:home")).content.decode()
    permit = page.split('name="push-permit" content="')[1].split('"')[0]
    answer = client.post(reverse("workbench:push-token"), {"permit": permit})
    assert set(read_token(answer.json()["token"])[0]) == set(own_channels(agent_here))
    refused = client.post(reverse("workbench:push-token"), {"permit": "x"}, headers={"accept": "application/json"})
    assert refused.status_code == 403
