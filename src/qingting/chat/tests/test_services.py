"""What is said is stored once, in order, and read only by those it was said to (R-B2, R-B6, R-B7, R-C1)."""

from datetime import timedelta

import pytest

from qingting.chat import selectors, services
from qingting.chat.models import Conversation, DangerSign, Message, Participant
from qingting.chat.visits import open_visit, seeker_actor
from qingting.core import clocks
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.models import Offer, Presence, WaitingEntry
from qingting.duty.services import set_presence

pytestmark = pytest.mark.django_db


def say(actor, conversation, text, at, key=""):
    with acting(actor.scope):
        return services.post_message(
            actor=actor, conversation_id=conversation.id, text=text, client_key=key or text, at=at
        )


def texts(conversation) -> list[tuple[int, str]]:
    with acting(EVERYTHING):
        return list(Message.objects.filter(conversation=conversation).order_by("seq").values_list("seq", "text"))


def stored(conversation) -> Conversation:
    with acting(EVERYTHING):
        return Conversation.objects.get(pk=conversation.pk)


def test_a_seeker_is_offered_to_who_is_ready_at_once(ready, waiting):
    with acting(EVERYTHING):
        assert Offer.objects.get(state="OPEN").account_id == ready.account_id


def test_words_are_numbered_without_gaps_from_both_sides(seeker, ready, talking, at):
    say(seeker, talking, "你好", at)
    say(ready, talking, "我在", at)
    say(seeker, talking, "我睡不着", at)
    assert texts(talking) == [(1, "你好"), (2, "我在"), (3, "我睡不着")]


def test_sending_again_after_a_lost_answer_stores_once(seeker, waiting, at):
    first = say(seeker, waiting, "在吗", at, key="k1")
    again = say(seeker, waiting, "在吗", at, key="k1")
    assert (again.seq, again.again) == (first.seq, True)
    assert texts(waiting) == [(1, "在吗")]


@pytest.mark.parametrize("text", ["", "  \n ", "啊" * 4001])
def test_empty_and_overlong_words_are_refused_with_a_reason(seeker, waiting, at, text):
    with pytest.raises(Invalid) as refusal:
        say(seeker, waiting, text, at, key="k")
    assert refusal.value.do_next
    assert texts(waiting) == []


def test_another_visit_sees_nothing_of_it(tree, waiting, at):
    _token, visit = open_visit(tree.station, at=at)
    stranger = seeker_actor(visit)
    with acting(stranger.scope):
        assert not Conversation.objects.exists()
        with pytest.raises(NotFound):
            selectors.conversation_for(stranger, waiting.id)


def test_a_station_elsewhere_sees_nothing_of_it(agent_elsewhere, seeker, talking, at):
    say(seeker, talking, "只想跟你们说", at)
    with acting(agent_elsewhere.scope):
        assert not Message.objects.exists()
        with pytest.raises(NotFound):
            selectors.conversation_for(agent_elsewhere, talking.id)


def test_danger_in_the_words_is_marked_raises_the_line_and_starts_the_clock(seeker, waiting, at):
    say(seeker, waiting, "我今晚就从楼顶跳下去", at)
    with acting(EVERYTHING):
        sign = DangerSign.objects.order_by("start").first()
        assert sign.message.text[sign.start : sign.end]
        assert WaitingEntry.objects.get().priority == 0
        assert Clock.objects.get().due_at == at + timedelta(minutes=30)
        assert Conversation.objects.get().danger_level == "CRITICAL"


def test_later_calm_words_do_not_lower_the_level(seeker, waiting, at):
    say(seeker, waiting, "我今晚就从楼顶跳下去", at)
    say(seeker, waiting, "没事了，谢谢", at)
    with acting(EVERYTHING):
        assert Conversation.objects.get().danger_level == "CRITICAL"
        assert Clock.objects.count() == 1


def test_the_journal_holds_ids_and_no_word_of_it(seeker, waiting, at):
    say(seeker, waiting, "我叫王小明", at)
    with acting(EVERYTHING):
        assert not any("王小明" in str((e.ids, e.data)) for e in Entry.objects.all())
        assert Entry.objects.filter(name="chat.message-posted").count() == 1


def test_a_fault_in_screening_never_loses_the_message(seeker, waiting, at, monkeypatch):
    def broken(texts, **kept):
        raise RuntimeError("model file is gone")

    monkeypatch.setattr("qingting.chat.services.danger.screen_latest", broken)
    say(seeker, waiting, "有人吗", at)
    assert texts(waiting) == [(1, "有人吗")]


def test_a_correction_stands_beside_the_finding(seeker, ready, talking, at):
    say(seeker, talking, "我今晚就从楼顶跳下去", at)
    with acting(ready.scope):
        sign = DangerSign.objects.first()
        services.correct_sign(actor=ready, sign_id=sign.id, level="NONE", words="台词", at=at)
        sign.refresh_from_db()
    assert (sign.level, sign.corrected_level) == ("CRITICAL", "NONE")


def test_a_colleague_who_has_no_part_in_it_can_not_read_it_by_its_address(tree, talking):
    colleague = tree.person("COUNSELLOR", tree.station, "别的同事")
    with acting(colleague.scope), pytest.raises(NotFound):
        selectors.conversation_for(colleague, talking.id)


def test_only_who_has_the_conversation_speaks_in_it(leader_here, talking, at):
    with acting(leader_here.scope):
        services.join_silently(actor=leader_here, conversation_id=talking.id, at=at)
    with pytest.raises(NotAllowed):
        say(leader_here, talking, "我插一句", at)


def test_a_counsellor_may_not_listen_in(tree, talking, at):
    colleague = tree.person("COUNSELLOR", tree.station, "别的同事")
    with acting(colleague.scope), pytest.raises(NotAllowed):
        services.join_silently(actor=colleague, conversation_id=talking.id, at=at)


class TestHandingOver:
    @pytest.fixture
    def colleague(self, leader_here, at):
        with acting(leader_here.scope):
            set_presence(actor=leader_here, state="NOT_READY", at=at)
        return leader_here

    @pytest.fixture
    def handover(self, ready, talking, colleague, at):
        with acting(ready.scope):
            return services.offer_handover(
                actor=ready, conversation_id=talking.id, to_account_id=colleague.account_id, words="需要督导", at=at
            )

    def test_until_accepted_the_first_counsellor_owns_it(self, ready, talking, handover):
        assert stored(talking).first_contact_owner_account_id == ready.account_id

    def test_accepted_it_is_the_colleagues_with_everything_said(self, seeker, colleague, talking, handover, at):
        say(seeker, talking, "之前说的", at)
        with acting(colleague.scope):
            services.accept_handover(actor=colleague, handover_id=handover.id, at=at)
            assert "之前说的" in [m.text for m in selectors.messages_after(talking, 0)]
        say(colleague, talking, "我接着陪你", at)
        assert stored(talking).first_contact_owner_account_id == colleague.account_id

    def test_who_handed_it_over_reads_it_no_more_until_asked_back(self, ready, colleague, talking, handover, at):
        with acting(colleague.scope):
            services.accept_handover(actor=colleague, handover_id=handover.id, at=at)
        with acting(ready.scope), pytest.raises(NotFound):
            selectors.conversation_for(ready, talking.id)
        with acting(colleague.scope):
            services.offer_handover(
                actor=colleague, conversation_id=talking.id, to_account_id=ready.account_id, words="", at=at
            )
        with acting(ready.scope):
            assert selectors.conversation_for(ready, talking.id)

    def test_after_the_end_only_who_was_there_reads_it(self, ready, colleague, talking, handover, at):
        with acting(colleague.scope):
            services.accept_handover(actor=colleague, handover_id=handover.id, at=at)
            later = at + timedelta(minutes=9)
            services.end_conversation(actor=colleague, conversation_id=talking.id, at=later)
            assert selectors.conversation_for(colleague, talking.id)
        with acting(ready.scope), pytest.raises(NotFound):
            selectors.conversation_for(ready, talking.id)

    def test_nobody_else_can_accept_it(self, tree, handover, at):
        other = tree.person("COUNSELLOR", tree.station, "别人")
        with acting(other.scope), pytest.raises(NotFound):
            services.accept_handover(actor=other, handover_id=handover.id, at=at)

    def test_declined_it_stays_where_it_was(self, ready, colleague, talking, handover, at):
        with acting(colleague.scope):
            services.end_handover(actor=colleague, handover_id=handover.id, at=at)
        assert stored(talking).account_id == ready.account_id

    def test_only_one_request_at_a_time(self, ready, colleague, talking, handover, at):
        with acting(ready.scope), pytest.raises(DomainError):
            services.offer_handover(
                actor=ready, conversation_id=talking.id, to_account_id=colleague.account_id, words="", at=at
            )


def test_a_shift_leader_listens_in_and_the_journal_says_so(leader_here, talking, at):
    with acting(leader_here.scope):
        services.join_silently(actor=leader_here, conversation_id=talking.id, at=at)
        assert Participant.objects.get(kind="SILENT").account_id == leader_here.account_id
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="chat.joined-silently").exists()


class TestInvitingASilentColleague:
    @pytest.fixture
    def colleague(self, tree, at):
        colleague = tree.person("COUNSELLOR", tree.station, "陈静")
        with acting(colleague.scope):
            set_presence(actor=colleague, state="NOT_READY", at=at)
        return colleague

    @pytest.fixture
    def invitation(self, ready, talking, colleague, at):
        with acting(ready.scope):
            asked = {"conversation_id": talking.id, "to_account_id": colleague.account_id}
            return services.invite_silently(actor=ready, **asked, at=at)

    def test_invited_she_reads_along_only_after_joining_and_the_journal_says_so(
        self, colleague, talking, invitation, at
    ):
        with acting(colleague.scope):
            with pytest.raises(NotFound):
                selectors.conversation_for(colleague, talking.id)
            services.join_silently(actor=colleague, conversation_id=talking.id, at=at)
            assert selectors.conversation_for(colleague, talking.id)
            services.leave_silently(actor=colleague, conversation_id=talking.id, at=at)
        with acting(EVERYTHING):
            names = set(Entry.objects.filter(name__contains="silently").values_list("name", flat=True))
        assert names == {"chat.invited-silently", "chat.joined-silently", "chat.left-silently"}

    def test_an_invitation_opens_it_once(self, colleague, talking, invitation, at):
        with acting(colleague.scope):
            services.join_silently(actor=colleague, conversation_id=talking.id, at=at)
            services.leave_silently(actor=colleague, conversation_id=talking.id, at=at)
            with pytest.raises(NotAllowed):
                services.join_silently(actor=colleague, conversation_id=talking.id, at=at)

    def test_declined_it_opens_nothing(self, colleague, talking, invitation, at):
        with acting(colleague.scope):
            services.decline_invitation(actor=colleague, invitation_id=invitation.pk, at=at)
            with pytest.raises(NotAllowed):
                services.join_silently(actor=colleague, conversation_id=talking.id, at=at)

    def test_only_who_talks_or_leads_invites_and_only_who_is_here(self, tree, ready, talking, colleague, at):
        away = tree.person("COUNSELLOR", tree.station, "下班的人")
        with acting(ready.scope), pytest.raises(DomainError):
            services.invite_silently(actor=ready, conversation_id=talking.id, to_account_id=away.account_id, at=at)
        with acting(colleague.scope), pytest.raises(NotFound):
            services.invite_silently(actor=colleague, conversation_id=talking.id, to_account_id=ready.account_id, at=at)

    def test_somebody_else_can_not_take_the_invitation(self, tree, talking, invitation, at):
        other = tree.person("COUNSELLOR", tree.station, "别人")
        with acting(other.scope), pytest.raises(NotAllowed):
            services.join_silently(actor=other, conversation_id=talking.id, at=at)


def test_who_stopped_listening_joins_again_to_read(leader_here, talking, at):
    later = at + timedelta(minutes=1)
    with acting(leader_here.scope):
        services.join_silently(actor=leader_here, conversation_id=talking.id, at=at)
        services.leave_silently(actor=leader_here, conversation_id=talking.id, at=later)
        with pytest.raises(NotFound):
            selectors.conversation_for(leader_here, talking.id)
        services.join_silently(actor=leader_here, conversation_id=talking.id, at=later)
        assert selectors.conversation_for(leader_here, talking.id)


def test_after_the_end_the_counsellor_is_free_and_nothing_more_is_said(seeker, ready, talking, at):
    with acting(ready.scope):
        services.end_conversation(actor=ready, conversation_id=talking.id, at=at)
    with pytest.raises(DomainError):
        say(seeker, talking, "还有一句", at)
    with acting(EVERYTHING):
        assert Presence.objects.get(account_id=ready.account_id).state == "READY"


def test_the_crisis_clock_is_told_to_those_who_lead(seeker, waiting, at):
    say(seeker, waiting, "我今晚就从楼顶跳下去", at)
    assert clocks.tick(at=at + timedelta(minutes=31)) == 1
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="core.clock-breached").count() == 1
