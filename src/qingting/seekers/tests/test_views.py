"""In the browser: masked first, a reason before the plain value, and no value in any address."""

import pytest
from django.urls import reverse

from qingting.core.models import Entry

PHONE = "13812345678"


@pytest.fixture
def vault(seeker):
    return reverse("seekers:vault", args=[seeker.pk])


def test_the_vault_is_masked(browser, here, vault, phone):
    page = browser(here).get(vault).content.decode()
    assert "138****5678" in page
    assert PHONE not in page


def test_a_value_is_stored_by_its_own_small_form(browser, here, seeker):
    answer = browser(here).post(reverse("seekers:store", args=[seeker.pk, "NAME"]), {"value": "陈小雨"})
    assert "陈**" in answer.content.decode()
    assert "toast" in answer["HX-Trigger"]


def test_a_wrong_value_is_told(browser, here, seeker):
    answer = browser(here).post(
        reverse("seekers:store", args=[seeker.pk, "PHONE"]), {"value": "123"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#refusal"


def test_an_id_number_that_does_not_add_up_is_kept_with_a_gentle_word(browser, here, seeker):
    answer = browser(here).post(
        reverse("seekers:store", args=[seeker.pk, "ID_NUMBER"]), {"value": "110105194912310021"}
    )
    assert "再核对一遍" in answer.content.decode()


def test_the_dialog_asks_why_before_it_shows(browser, here, phone):
    client, address = browser(here), reverse("seekers:unmask", args=[phone.pk])
    assert PHONE not in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert PHONE in client.post(address, {"reason": "CALL_BACK"}).content.decode()
    assert Entry.objects.filter(name="seekers.datum-unmasked").count() == 1


def test_a_child_is_named_after_the_ground_is_recorded(browser, here, child):
    client = browser(here)
    store = reverse("seekers:store", args=[child.pk, "NAME"])
    assert "不满14周岁" in client.get(reverse("seekers:vault", args=[child.pk])).content.decode()
    assert client.post(store, {"value": "小石头"}).status_code == 409
    client.post(reverse("seekers:consent", args=[child.pk]), {"basis": "GUARDIAN", "purpose": "继续帮助"})
    assert "小**" in client.post(store, {"value": "小石头"}).content.decode()


def test_a_consent_can_be_withdrawn(browser, here, child):
    client = browser(here)
    client.post(reverse("seekers:consent", args=[child.pk]), {"basis": "GUARDIAN", "purpose": "继续帮助"})
    consent = child.consents.get()
    page = client.post(reverse("seekers:withdraw", args=[consent.pk])).content.decode()
    assert "不满14周岁" in page


def test_a_person_is_found_by_the_exact_number_only(browser, here, seeker, phone):
    client, address = browser(here), reverse("seekers:list")
    assert seeker.pseudonym not in client.get(address).content.decode()
    assert seeker.pseudonym in client.post(address, {"kind": "PHONE", "value": PHONE}).content.decode()
    assert "没有找到" in client.post(address, {"kind": "PHONE", "value": "13900001111"}).content.decode()
    assert client.post(address, {"kind": "PHONE", "value": "138"}).status_code == 422
    assert client.get(reverse("seekers:detail", args=[seeker.pk])).status_code == 200


def test_elsewhere_it_is_not_there(browser, agent_elsewhere, seeker, vault, phone):
    client = browser(agent_elsewhere)
    assert client.get(vault).status_code == 404
    assert client.get(reverse("seekers:detail", args=[seeker.pk])).status_code == 404
    assert client.post(reverse("seekers:store", args=[seeker.pk, "NAME"]), {"value": "x"}).status_code == 404
    assert client.post(reverse("seekers:unmask", args=[phone.pk]), {"reason": "VERIFY"}).status_code == 404
    found = client.post(reverse("seekers:list"), {"kind": "PHONE", "value": PHONE})
    assert seeker.pseudonym not in found.content.decode()


def test_without_the_permission_it_is_refused(browser, tree, vault, phone):
    client = browser(tree.person("ANALYST", tree.station))
    assert client.get(vault).status_code == 403
    assert client.get(reverse("seekers:unmask", args=[phone.pk])).status_code == 403
