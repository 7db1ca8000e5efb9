"""A change of the lexicon takes two people and the whole evaluation, is read at once, and can be taken back (R-C1)."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from qingting.chat import services as chat
from qingting.chat.models import DangerSign
from qingting.chat.visits import open_visit, seeker_actor
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.lexicon import measures, rules, selectors, services
from qingting.lexicon.models import LexiconVersion
from qingting.lexicon.tests.conftest import CALM, ROWS, RULE, SENTENCE, measured
from qingting.screening import screen
from qingting.screening.editions import SHIPPED, in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def read_at(organisation, text=SENTENCE):
    with in_force(organisation.pk) as edition:
        return edition, screen(text)


def by_new_rule(found) -> bool:
    return "own.moon" in {sign.why for sign in found.signs}


def test_before_anybody_approves_nothing_changes(tree, waiting):
    assert waiting.state == "WAITING"
    edition, found = read_at(tree.station)
    assert edition is SHIPPED
    assert not by_new_rule(found)


def test_approved_by_a_second_person_every_message_is_read_with_it_and_says_so(tree, active, at):
    edition, found = read_at(tree.station)
    assert edition.id == active.pk
    assert by_new_rule(found)
    _token, visit = open_visit(tree.station, at=at)
    seeker = seeker_actor(visit)
    with acting(seeker.scope):
        talk = chat.start_conversation(actor=seeker, at=at)
        chat.post_message(actor=seeker, conversation_id=talk.pk, text=SENTENCE, client_key="k", at=at)
    with acting(EVERYTHING):
        assert DangerSign.objects.get().edition_id == active.pk


def test_organisations_below_read_with_it_and_others_do_not(tree, small, proposer, at):
    upper = tree.person("SHIFT_LEADER", tree.province, "省里")
    second = tree.person("REVIEWER", tree.province, "审核")
    with acting(upper.scope):
        version = services.open_draft(actor=upper, at=at)
        services.change_rule(actor=upper, version_id=version.pk, row=RULE, at=at)
        services.submit(actor=upper, version_id=version.pk, words="全省统一", days=7, at=at)
    measured(version, at)
    with acting(second.scope):
        services.approve(actor=second, version_id=version.pk, words="", at=at)
    assert read_at(tree.station)[0].id == version.pk
    assert read_at(tree.elsewhere_station)[0] is SHIPPED


class TestTwoPeople:
    def test_nobody_approves_their_own(self, waiting, tree, at):
        both = replace(tree.person("SHIFT_LEADER", tree.station, "同名"), account_id=waiting.proposed_by_account_id)
        with acting(both.scope), pytest.raises(DomainError) as refusal:
            services.approve(actor=both, version_id=waiting.pk, words="", at=at)
        assert refusal.value.code == "lexicon.version.own"

    def test_not_even_by_writing_the_table(self, waiting):
        own = LexiconVersion.objects.filter(pk=waiting.pk)
        with acting(EVERYTHING), pytest.raises(IntegrityError), transaction.atomic():
            own.update(state="ACTIVE", decided_by_account_id=waiting.proposed_by_account_id)

    def test_a_counsellor_can_neither_propose_nor_approve(self, agent_here, waiting, at):
        with acting(agent_here.scope):
            with pytest.raises(NotAllowed):
                services.open_draft(actor=agent_here, at=at)
            with pytest.raises(NotAllowed):
                services.approve(actor=agent_here, version_id=waiting.pk, words="", at=at)

    def test_somebody_elsewhere_does_not_see_it(self, tree, waiting, at):
        other = tree.person("SHIFT_LEADER", tree.elsewhere_station, "别处")
        with acting(other.scope), pytest.raises(NotFound):
            services.approve(actor=other, version_id=waiting.pk, words="", at=at)


class TestMeasuring:
    def test_the_account_says_before_and_after(self, waiting):
        cells = waiting.measures["cells"]
        assert cells["EVALUATION"]["critical"] == [1, 1, 1]
        assert cells["EVALUATION"]["calm"] == [1, 0, 0]
        assert waiting.done == waiting.total

    def test_a_version_that_recalls_the_gravest_less_is_refused(self, small, proposer, approver, draft, at):
        """An idiom that blots out the roof hides somebody who stands on it."""
        with acting(proposer.scope):
            for word in ("我已经爬上楼顶的围墙了", "爬上楼顶的围墙", "爬上楼顶", "楼顶的围墙"):
                line = {"kind": "guard", "place": "idiom:spans", "word": word}
                services.change(actor=proposer, version_id=draft.pk, line=line, at=at)
            for text, type_ in (("我爬上楼顶的围墙看猫", ""), ("我真的不想活了", "suicide_ideation")):
                line = {"kind": "sentence", "text": text, "type": type_}
                services.change(actor=proposer, version_id=draft.pk, line=line, at=at)
            services.submit(actor=proposer, version_id=draft.pk, words="想试一试", days=7, at=at)
        version = measured(draft, at)
        assert version.state == "REFUSED"
        assert "特急" in version.refused_words
        with acting(approver.scope), pytest.raises(DomainError):
            services.approve(actor=approver, version_id=version.pk, words="", at=at)
        with acting(proposer.scope):
            assert services.reopen(actor=proposer, version_id=version.pk, at=at).state == "DRAFT"

    def test_it_goes_on_where_it_stood_after_a_restart(self, small, monkeypatch, proposer, with_rule, at):
        monkeypatch.setattr("qingting.lexicon.services.measuring.BATCH", 1)
        with acting(proposer.scope):
            services.submit(actor=proposer, version_id=with_rule.pk, words="说明一下", days=7, at=at)
        with acting(EVERYTHING):
            services.measure_step(at=at)
            with_rule.refresh_from_db()
            assert (with_rule.state, with_rule.done) == ("MEASURING", 1)
        assert measured(with_rule, at).done == len(ROWS)

    def test_recent_traffic_shows_what_would_be_newly_raised_in_masked_words(
        self, tree, small, proposer, approver, with_rule, at
    ):
        _token, visit = open_visit(tree.station, at=at)
        seeker = seeker_actor(visit)
        with acting(seeker.scope):
            talk = chat.start_conversation(actor=seeker, at=at)
            for key, text in enumerate((f"我叫王小明，{SENTENCE}，电话13800138000", "今天天气不错")):
                chat.post_message(actor=seeker, conversation_id=talk.pk, text=text, client_key=str(key), at=at)
        with acting(proposer.scope):
            services.submit(actor=proposer, version_id=with_rule.pk, words="说明一下", days=7, at=at)
        version = measured(with_rule, at)
        with acting(approver.scope):
            assert version.measures["traffic"]["read"] == 2
            assert selectors.shifts_by_kind(version) == {"NEW": 1}
            ((_shift, words),) = services.read_snippets(actor=approver, version_id=version.pk, kind="NEW", at=at)
        assert "喂月亮" in words
        assert "王小明" not in words
        assert "138" not in words
        with acting(EVERYTHING):
            entry = Entry.objects.get(name="lexicon.snippets-read")
        assert entry.data["shown"] == 1

    def test_who_may_not_see_words_sees_none(self, proposer, waiting, at):
        with acting(proposer.scope), pytest.raises(NotAllowed):
            services.read_snippets(actor=proposer, version_id=waiting.pk, kind="NEW", at=at)


class TestDrafting:
    def test_only_one_version_is_in_work(self, draft, approver, at):
        with acting(approver.scope), pytest.raises(DomainError):
            services.open_draft(actor=approver, at=at)

    def test_an_empty_draft_or_one_without_a_reason_is_not_measured(self, proposer, draft, with_rule, at):
        with acting(proposer.scope), pytest.raises(Invalid):
            services.submit(actor=proposer, version_id=draft.pk, words="", days=7, at=at)
        with acting(proposer.scope):
            services.take_back(actor=proposer, version_id=draft.pk, key="rule:own.moon", at=at)
            with pytest.raises(DomainError) as refusal:
                services.submit(actor=proposer, version_id=draft.pk, words="说明一下", days=7, at=at)
        assert refusal.value.code == "lexicon.version.empty"

    @pytest.mark.parametrize(
        ("field", "value"),
        [("patterns", ["(?:啊+)+"]), ("patterns", []), ("hits", []), ("type", "none"), ("id", "Own Rule")],
    )
    def test_a_rule_that_can_not_be_used_is_refused_with_the_field(self, proposer, draft, at, field, value):
        with acting(proposer.scope), pytest.raises(Invalid) as refusal:
            services.change_rule(actor=proposer, version_id=draft.pk, row={**RULE, field: value}, at=at)
        assert field in refusal.value.fields

    def test_a_sentence_that_comes_out_wrong_keeps_it_from_being_measured(self, proposer, draft, at):
        wrong = {**RULE, "hits": ["这句里没有那个说法"]}
        with acting(proposer.scope):
            services.change_rule(actor=proposer, version_id=draft.pk, row=wrong, at=at)
            with pytest.raises(DomainError) as refusal:
                services.submit(actor=proposer, version_id=draft.pk, words="说明一下", days=7, at=at)
        assert refusal.value.code == "lexicon.version.sentence-wrong"

    def test_words_need_a_sentence_of_each_kind(self, proposer, draft, at):
        with acting(proposer.scope):
            line = {"kind": "word", "place": "jump", "word": "跳进银河", "act": "ADDED"}
            services.change(actor=proposer, version_id=draft.pk, line=line, at=at)
            with pytest.raises(DomainError) as refusal:
                services.submit(actor=proposer, version_id=draft.pk, words="说明一下", days=7, at=at)
        assert refusal.value.code == "lexicon.version.sentences"

    def test_a_line_can_be_taken_back(self, proposer, with_rule, at):
        with acting(proposer.scope):
            version = services.take_back(actor=proposer, version_id=with_rule.pk, key="rule:own.moon", at=at)
        assert rules.difference({}, selectors.content_of(version)) == []


class TestRollingBack:
    def test_two_people_bring_the_shipped_data_back(self, tree, active, proposer, approver, at):
        with acting(proposer.scope):
            version = services.roll_back(actor=proposer, to_version_id=0, words="误报太多", emergency=False, at=at)
        assert measured(version, at).state == "WAITING"
        assert read_at(tree.station)[0].id == active.pk
        with acting(approver.scope):
            services.approve(actor=approver, version_id=version.pk, words="", at=at)
        assert not by_new_rule(read_at(tree.station)[1])

    def test_in_an_emergency_one_person_with_a_reason_is_enough_and_it_is_told(self, tree, active, approver, at):
        with acting(approver.scope):
            with pytest.raises(Invalid):
                services.roll_back(actor=approver, to_version_id=0, words="", emergency=True, at=at)
            version = services.roll_back(actor=approver, to_version_id=0, words="夜里误报刷屏", emergency=True, at=at)
        assert version.state == "ACTIVE"
        assert not by_new_rule(read_at(tree.station)[1])
        with acting(EVERYTHING):
            told = Entry.objects.filter(name="lexicon.activated").order_by("id").last()
        assert told.data["emergency"] is True

    def test_who_may_only_propose_has_no_emergency(self, active, proposer, at):
        with acting(proposer.scope), pytest.raises(NotAllowed):
            services.roll_back(actor=proposer, to_version_id=0, words="说明一下", emergency=True, at=at)


def test_a_content_changed_behind_the_platform_is_not_read_and_reading_goes_on(tree, active):
    with acting(EVERYTHING):
        LexiconVersion.objects.filter(pk=active.pk).update(content='{"rules": {}}')
    edition, found = read_at(tree.station, "妈妈，我真的不想活了")
    assert edition is SHIPPED
    assert found.alert


def test_what_another_version_brought_meanwhile_is_kept(tree, active, proposer, at):
    with acting(proposer.scope):
        version = services.open_draft(actor=proposer, at=at)
        content = rules.with_word(selectors.content_of(version), "jump", "跳进银河", present=True)
        carried = rules.rebased(selectors.content_of(active), content, {})
    assert [line.key for line in rules.difference({}, carried)] == ["word:jump:跳进银河"]
    assert RULE["id"] in content["rules"]


def test_the_evaluation_that_ships_is_whole():
    rows = measures.material([])
    assert sum(row.set == "EVALUATION" for row in rows) > 400
    assert sum(row.set == "WRITTEN" and not row.type for row in rows) > 1000
    assert {row.level for row in rows} == {"CRITICAL", "URGENT", "ROUTINE", ""}
    assert CALM not in {row.text for row in rows}
