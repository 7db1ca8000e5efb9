"""A refusal is read by a person, by a page that asked for a part, or by a machine."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_seeker_at_an_unknown_address_finds_the_way_back_and_the_numbers(client):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "这里没有页面" in answer.text
    assert 'href="/"' in answer.text
    assert "tel:12355" in answer.text


def test_staff_at_an_unknown_address_find_the_way_to_their_work(browser, agent_here):
    answer = browser(agent_here).get("/orders/no-such-page")
    assert answer.status_code == 404
    assert 'href="/workbench/"' in answer.text
    assert "tel:12355" not in answer.text


@pytest.mark.parametrize("address", ["/api/v1/no-such-thing", "/deskwire/no-such-thing"])
def test_a_machine_is_told_in_its_own_way(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.json()["code"] == "core.address.unknown"


def test_a_part_of_a_page_is_told_where_it_asked(client):
    answer = client.get("/no-such-page", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (404, "#refusal")


def test_a_host_that_is_not_ours_is_refused_in_words(client, settings):
    settings.ALLOWED_HOSTS = ["ours.example"]
    answer = client.get("/", headers={"Host": "somewhere.example"})
    assert answer.status_code == 400
    assert "没有看懂" in answer.text


def test_it_speaks_the_language_the_seeker_chose(client):
    client.get("/language/en", {"back": "/"})
    assert "There is no page here." in client.get("/no-such-page").text
