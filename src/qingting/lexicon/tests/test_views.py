"""The pages of the lexicon, as people use them."""

import json

import pytest
from django.urls import reverse

from qingting.core.scope import EVERYTHING, acting
from qingting.lexicon.models import LabelledRow, LexiconVersion
from qingting.lexicon.tests.conftest import CALM, RULE, SENTENCE, measured

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HTMX = {"HX-Request": "true"}


def shown(client, name, *args, **query) -> str:
    answer = client.get(reverse(f"lexicon:{name}", args=args), query)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


RULE_FORM = {
    "id": RULE["id"],
    "type": RULE["type"],
    "level": RULE["level"],
    "strength": "0.85",
    "guards": ["negation"],
    "patterns": "(?:去|要) ~2 喂月亮",
    "hits": SENTENCE,
    "misses": CALM,
}


def test_from_the_first_word_to_the_second_person(small, browser, proposer, approver, at):
    writer, reviewer = browser(proposer), browser(approver)
    assert "随产品提供的词库" in shown(writer, "home")
    page = writer.post(reverse("lexicon:draft"), headers=HTMX)["HX-Redirect"]
    with acting(EVERYTHING):
        version = LexiconVersion.objects.get()
    assert page == reverse("lexicon:version", args=[version.pk])
    answer = writer.post(reverse("lexicon:new-rule", args=[version.pk]), RULE_FORM, headers=HTMX)
    assert answer["HX-Redirect"] == page
    line = {"kind": "sentence", "text": "喂月亮这个故事真好", "type": ""}
    writer.post(reverse("lexicon:change", args=[version.pk]), line, headers=HTMX)
    assert "own.moon" in shown(writer, "version", version.pk)
    writer.post(reverse("lexicon:submit", args=[version.pk]), {"words": "有人这样说", "days": "7"}, headers=HTMX)
    assert "正在评测" in shown(writer, "version", version.pk)
    measured(version, at)
    assert "等您复核" in shown(reviewer, "home")
    page = shown(reviewer, "version", version.pk)
    assert "特急判为特急" in page
    reviewer.post(reverse("lexicon:decide", args=[version.pk]), {"act": "approve"}, headers=HTMX)
    assert "使用中" in shown(writer, "home")
    tried = reviewer.post(reverse("lexicon:try"), {"text": SENTENCE}, headers=HTMX).content.decode()
    assert "own.moon" in tried


def test_a_wrong_pattern_is_shown_under_its_field(browser, proposer, draft):
    form = {**RULE_FORM, "patterns": "(?:啊+)+死"}
    answer = browser(proposer).post(reverse("lexicon:new-rule", args=[draft.pk]), form, headers=HTMX)
    assert answer.status_code == 422
    assert "没有上限的重复" in answer.content.decode()
    assert SENTENCE in answer.content.decode()


def test_rules_are_read_by_type_and_found_by_words(browser, proposer, with_rule):
    client = browser(proposer)
    assert "own.moon" in shown(client, "rules", type="suicide_ideation")
    assert "own.moon" in shown(client, "rules", q="喂月亮")
    assert "own.moon" not in shown(client, "rules", type="drugs")


def test_an_unchanged_rule_can_be_opened_and_withdrawn(browser, proposer, draft):
    client = browser(proposer)
    assert "suicide.in-progress.edge" in shown(client, "rule", draft.pk, "suicide.in-progress.edge")
    gone = {"rule": "suicide.in-progress.edge"}
    client.post(reverse("lexicon:withdraw-rule", args=[draft.pk]), gone, headers=HTMX)
    assert "停用" in shown(client, "version", draft.pk)


def test_two_versions_are_compared(browser, proposer, active):
    assert "喂月亮" in shown(browser(proposer), "version", active.pk, against="0")
    assert "没有差别" in shown(browser(proposer), "version", active.pk, against=str(active.pk))


def test_a_counsellor_sees_no_lexicon(browser, agent_here, draft):
    client = browser(agent_here)
    for name, args in (("home", []), ("version", [draft.pk]), ("corrections", [])):
        assert client.get(reverse(f"lexicon:{name}", args=args)).status_code == 403


def test_confirmed_rows_leave_as_training_rows(browser, leader_here, agent_here, at):
    with acting(EVERYTHING):
        LabelledRow.objects.create(
            organisation_id=leader_here.organisation_id,
            province=leader_here.province,
            sign_id=1,
            state="CONFIRMED",
            text="明天要去喂月亮",
            type="suicide_ideation",
            level="URGENT",
            corrected_by_account_id=agent_here.account_id,
            confirmed_by_account_id=leader_here.account_id,
            confirmed_at=at,
        )
    client = browser(leader_here)
    assert "现在用的版本还会读错" in shown(client, "corrections")
    rows = client.get(reverse("lexicon:export")).content.decode().splitlines()
    assert json.loads(rows[0]) == {"text": "明天要去喂月亮", "type": "suicide_ideation", "level": "URGENT"}
