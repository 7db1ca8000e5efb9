"""Another organisation follows up in our place: asked with consent and the least data, answered, refused, taken back."""

import pytest
from django.test import Client
from django.urls import reverse

from qingting.cases.models import Case
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import PartnerKind
from qingting.followups import services
from qingting.followups.models import FollowUp
from qingting.linkage import services as linkage
from qingting.linkage.disclosure import in_words
from qingting.linkage.models import Desk, Handoff
from qingting.linkage.selectors import body_of
from qingting.linkage.services import Answer, NewDesk, Referral, Wish
from qingting.linkage.views import letters
from qingting.staff.models import Notice

pytestmark = pytest.mark.django_db
WORDS = "请问问她现在怎样，之前的帮助有没有用"


@pytest.fixture
def women(tree, at):
    """12338, which works on our partner page."""
    partner = tree._add("PARTNER", "广东12338", "440000", "440000", None, PartnerKind.WOMEN_12338)
    partner.save(force_insert=True)
    desk = NewDesk(code="desk-12338", station=tree.station, partner=partner, manner="PAGE", phone="020-12338")
    with acting(EVERYTHING):
        linkage.register_desk(desk=desk, at=at)
    return partner


@pytest.fixture
def operator(tree, women):
    return tree.person("PARTNER_OPERATOR", women, "妇联小林")


@pytest.fixture
def ask(follow_up, caller, women, at):
    def asked(who=caller, **more):
        referral = Referral(**{"kind": "FOLLOW_UP_12338", "wish": Wish(WORDS), "agreed": "SELF"} | more)
        with acting(who.scope):
            services.ask_other_desk(actor=who, follow_up_id=follow_up.pk, referral=referral, at=at)
        with acting(EVERYTHING):
            return Handoff.objects.get(follow_ups=follow_up)

    return asked


def say(operator, handoff, act, at, **more):
    with acting(operator.scope):
        linkage.answer_as_partner(actor=operator, handoff_id=handoff.pk, answer=Answer(act, **more), at=at)


def told(kind):
    return Notice.objects.filter(kind=kind).count()


def test_they_are_asked_with_the_least_on_the_person_s_consent(ask, follow_up, women, everything):
    handoff = ask()
    lines = " ".join(f"{line.label} {line.text}" for line in in_words(body_of(handoff)))
    assert WORDS in lines
    assert handoff.basis == "CONSENT"
    assert handoff.desk.partner_id == women.pk
    assert "二十三条" in str(body_of(handoff)["disclosureBasis"])
    assert set(body_of(handoff)["persons"][0]) <= {"role", "under14"}
    assert Entry.objects.filter(name="followups.other-desk-asked", case_id=follow_up.case_id).count() == 1
    assert told("linkage.for-partner") == 1


def test_their_answer_and_the_follow_up_s_own_deadline_are_both_watched(ask, follow_up, everything):
    handoff = ask()
    for subject in (("handoff", handoff.pk), ("follow_up", follow_up.pk)):
        running = Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1], met_at=None, cancelled_at=None)
        assert running.count() == 1


def test_nobody_is_asked_without_consent(ask, everything):
    with pytest.raises(Invalid, match="同意"):
        ask(agreed="")


def test_only_who_follows_up_may_ask(ask, parties, agent_elsewhere, everything):
    with pytest.raises(DomainError, match="回访任务"):
        ask(agent_elsewhere)
    with pytest.raises((NotAllowed, DomainError)):
        ask(parties.handler)


def test_it_is_asked_of_one_at_a_time(ask, everything):
    ask()
    with pytest.raises(DomainError, match="正在等对方答复"):
        ask()


def test_a_closed_case_can_be_followed_up_by_others_and_a_plain_referral_is_not_one(ask, follow_up, everything):
    Case.objects.filter(pk=follow_up.case_id).update(state="CLOSED")
    with pytest.raises(Invalid, match="代为回访"):
        ask(kind="TO_12338_RIGHTS")
    assert ask().state == "SENT"


@pytest.fixture
def answered(ask, operator, at):
    """Their words."""
    handoff, said = ask(), "她说睡得好多了，谢谢老师"
    say(operator, handoff, "acknowledge", at)
    say(operator, handoff, "result", at, found="REACHED", condition="BETTER", words=said)
    return said


@pytest.mark.usefixtures("everything")
def test_what_they_found_comes_back_and_one_of_us_completes_it(answered, follow_up, caller, at, browser):
    said = answered
    assert told("followups.other-desk-answered") == 1
    page = browser(caller).get(reverse("followups:follow-up", args=[follow_up.pk])).content.decode()
    assert said in page
    assert 'value="OTHER_DESK"' in page
    outcome = services.Outcome("OTHER_DESK", "YES", said)
    with acting(caller.scope):
        services.record_follow_up(actor=caller, follow_up_id=follow_up.pk, outcome=outcome, at=at)
    assert FollowUp.objects.get(pk=follow_up.pk).state == "DONE"


@pytest.fixture
def acknowledged(ask, operator, at):
    """Asked, and taken on by 12338."""
    handoff = ask()
    say(operator, handoff, "acknowledge", at)
    return handoff


@pytest.fixture
def our_page(follow_up, caller, browser):
    """The follow-up's own page, as its caller reads it."""

    def read():
        return browser(caller).get(reverse("followups:follow-up", args=[follow_up.pk])).content.decode()

    return read


def test_they_are_asked_for_a_follow_up_and_not_for_what_the_police_find(acknowledged, operator, everything, browser):
    page = browser(operator).get(reverse("linkage:partner-matter", args=[acknowledged.pk])).content.decode()
    assert "联系上本人了吗" in page
    assert "已受案" not in page


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(
    "found",
    [
        ({"found": "REACHED", "condition": "SAME", "wants_help": True}, "COMPLETED", "希望继续得到帮助"),
        ({"found": "REFUSED"}, "COMPLETED", "不愿意接受回访"),
        ({"found": "NOT_REACHED"}, "FAILED", "没有联系上"),
    ],
    ids=["reached", "refused", "missed"],
)
def test_they_answer_what_one_finds_in_a_follow_up(acknowledged, operator, our_page, at, found):
    said, state, words = found
    say(operator, acknowledged, "result", at, **said)
    assert Handoff.objects.get(pk=acknowledged.pk).state == state
    assert words in our_page()
    assert told("followups.other-desk-alarm") == 0


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("condition", ["WORSE", "IN_DANGER"])
def test_somebody_who_is_worse_is_told_at_once_to_callers_and_leaders(acknowledged, operator, at, condition):
    say(operator, acknowledged, "result", at, found="REACHED", condition=condition)
    alarms = Notice.objects.filter(kind="followups.other-desk-alarm")
    assert {notice.urgency for notice in alarms} == {"URGENT"}
    assert {notice.permission for notice in alarms} == {"followups.call", "duty.lead"}


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("said", [{}, {"code": "CASE_OPENED"}, {"found": "REACHED"}, {"found": "X" * 9}])
def test_a_result_that_does_not_say_how_the_person_is_is_refused(acknowledged, operator, at, said):
    with pytest.raises(Invalid, match="请选择"):
        say(operator, acknowledged, "result", at, **said)
    assert Handoff.objects.get(pk=acknowledged.pk).state == "ACKNOWLEDGED"


def test_all_that_leaves_is_shown_before_and_is_what_leaves(follow_up, caller, women, everything, browser):
    seat = browser(caller)
    sent = {"kind": "FOLLOW_UP_12338:0", "words": WORDS, "agreed": "GUARDIAN"}
    shown = seat.post(reverse("followups:preview-other-desk", args=[follow_up.pk]), sent).content.decode()
    seat.post(reverse("followups:act", args=[follow_up.pk, "ask-other-desk"]), sent)
    for line in in_words(body_of(Handoff.objects.get())):
        assert line.label in shown
        assert line.text in shown
    assert "监护人同意" in shown
    nothing = seat.post(reverse("followups:preview-other-desk", args=[follow_up.pk]), {"words": WORDS})
    assert "选择单位后" in nothing.content.decode()


@pytest.mark.usefixtures("women", "everything")
def test_by_letter_the_same_is_asked_behind_the_code_and_by_hand(ask, our_page, agent_here, browser):
    Desk.objects.filter(code="desk-12338").update(manner="LETTER")
    handoff = ask()
    reply = reverse("linkage:letter-reply", args=[letters._token(handoff)])
    anybody = Client()
    assert anybody.post(reply, {"act": "acknowledge", "words": "王老师 020-1"}).status_code == 200
    page = anybody.get(reply).content.decode()
    assert "联系上本人了吗" in page
    assert "已受案" not in page
    assert WORDS not in page
    own = browser(agent_here).get(reverse("linkage:handoff", args=[handoff.pk])).content.decode()
    assert "办结的：联系上本人了吗" in own
    done = {"act": "result", "found": "REACHED", "condition": "BETTER", "wants_help": "no", "words": "她说挺好"}
    assert anybody.post(reply, done).status_code == 200
    text = our_page()
    assert "比之前好；暂时不需要更多帮助" in text
    assert "她说挺好" in text


def test_a_refusal_is_heard_of_and_another_one_can_be_asked(ask, caller, operator, at, everything):
    handoff = ask()
    say(operator, handoff, "reject", at, code="OTHER", words="人手不足")
    assert told("followups.other-desk-refused") == 1
    assert FollowUp.objects.get(handoff=handoff).state == "DUE"
    assert ask().pk != handoff.pk


def test_they_are_told_when_it_was_done_here_or_is_taken_back(ask, follow_up, caller, at, everything):
    first = ask()
    with acting(caller.scope):
        services.take_back(actor=caller, follow_up_id=follow_up.pk, words="", at=at)
    first.refresh_from_db()
    assert first.state == "CANCELLED"
    with acting(caller.scope), pytest.raises(DomainError, match="没有请其他单位"):
        services.take_back(actor=caller, follow_up_id=follow_up.pk, words="", at=at)
    second = ask()
    with acting(caller.scope):
        outcome = services.Outcome("PHONE", "YES", "本人说好多了")
        services.record_follow_up(actor=caller, follow_up_id=follow_up.pk, outcome=outcome, at=at)
    second.refresh_from_db()
    assert second.state == "CANCELLED"


def test_asked_and_taken_back_on_the_page(follow_up, caller, women, everything, browser):
    seat = browser(caller)
    address = reverse("followups:follow-up", args=[follow_up.pk])
    page = seat.get(address).content.decode()
    assert "广东12338" in page
    assert "请对方问什么" in page
    sent = {"kind": "FOLLOW_UP_12338:0", "words": WORDS, "agreed": "SELF"}
    assert seat.post(reverse("followups:act", args=[follow_up.pk, "ask-other-desk"]), sent).status_code == 302
    page = seat.get(address).content.decode()
    assert "代为回访" in page
    assert "撤回，由本单位回访" in page
    assert seat.post(reverse("followups:act", args=[follow_up.pk, "take-back"])).status_code == 302
    assert "再请其他单位代为回访" in seat.get(address).content.decode()
