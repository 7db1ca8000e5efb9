"""What counsellors correct becomes labelled rows that name nobody, once a second person says so."""

import pytest

from qingting.chat import services as chat
from qingting.chat.models import DangerSign
from qingting.chat.visits import open_visit, seeker_actor
from qingting.core.errors import Invalid, NotAllowed, NotFound
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.models import Offer
from qingting.duty.services import set_presence
from qingting.lexicon import masking, selectors, services
from qingting.lexicon.services.labelling import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(tree, agent_here, at):
    """A sign that the counsellor here took back: a line of a play."""
    _token, visit = open_visit(tree.station, at=at)
    seeker = seeker_actor(visit)
    with acting(agent_here.scope):
        set_presence(actor=agent_here, state="READY", at=at)
    with acting(seeker.scope):
        talk = chat.start_conversation(actor=seeker, at=at)
        text = "我叫王小明，我今晚就从楼顶跳下去，这是我们班排的戏"
        chat.post_message(actor=seeker, conversation_id=talk.pk, text=text, client_key="k", at=at)
    with acting(EVERYTHING):
        offer = Offer.objects.get(account_id=agent_here.account_id, state="OPEN")
    with acting(agent_here.scope):
        chat.accept_conversation(actor=agent_here, offer_id=offer.pk, at=at)
        sign = DangerSign.objects.order_by("pk").first()
        return chat.correct_sign(actor=agent_here, sign_id=sign.pk, level="NONE", words="台词", at=at)


ANSWER = Answer("我叫〔姓名〕，我今晚就从楼顶跳下去，这是我们班排的戏", "", "")


def test_a_second_person_keeps_it_without_the_name(corrected, leader_here, at):
    with acting(leader_here.scope):
        assert [row.pk for row in selectors.corrections(leader_here)] == [corrected.pk]
        _sign, text = services.read_correction(actor=leader_here, sign_id=corrected.pk, at=at)
        assert text == ANSWER.text
        services.confirm_correction(actor=leader_here, sign_id=corrected.pk, answer=ANSWER, at=at)
        assert not selectors.corrections(leader_here).exists()
        (row,) = selectors.confirmed_rows()
    assert (row.text, row.type) == (ANSWER.text, "")


def test_the_version_in_use_that_reads_it_wrongly_is_named(corrected, leader_here, at):
    with acting(leader_here.scope):
        row = services.confirm_correction(actor=leader_here, sign_id=corrected.pk, answer=ANSWER, at=at)
        assert selectors.wrong_now(row.organisation_id, [row]) == {row.pk}


def test_a_name_that_is_left_in_keeps_it_from_being_kept(corrected, leader_here, at):
    answer = Answer("我叫王小明，这是台词", "", "")
    with acting(leader_here.scope), pytest.raises(Invalid) as refusal:
        services.confirm_correction(actor=leader_here, sign_id=corrected.pk, answer=answer, at=at)
    assert "text" in refusal.value.fields


def test_who_corrected_it_does_not_confirm_it(corrected, agent_here, tree, at):
    with acting(agent_here.scope), pytest.raises(NotAllowed):
        services.confirm_correction(actor=agent_here, sign_id=corrected.pk, answer=ANSWER, at=at)
    cadre = tree.person("DUTY_CADRE", tree.elsewhere_station, "别处")
    with acting(cadre.scope), pytest.raises(NotFound):
        services.confirm_correction(actor=cadre, sign_id=corrected.pk, answer=ANSWER, at=at)


def test_it_may_be_left_out_with_a_reason(corrected, leader_here, at):
    with acting(leader_here.scope):
        with pytest.raises(Invalid):
            services.dismiss_correction(actor=leader_here, sign_id=corrected.pk, words="", at=at)
        services.dismiss_correction(actor=leader_here, sign_id=corrected.pk, words="离开上下文看不出来", at=at)
        assert selectors.confirmed_rows() == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我叫王小明，想死", "我叫〔姓名〕，想死"),
        ("打我电话13800138000吧", "打我电话〔号码〕吧"),
        ("加我微信wx_abc12345聊", "加我微信〔账号〕聊"),
        ("我在广州二中，张老师打我", "〔学校〕"),
        ("住在花园小区3栋502室", "〔地址〕"),
        ("邮箱是abc.de@qq.com", "〔邮箱〕"),
        ("今晚十二点我就跳下去", "今晚十二点我就跳下去"),
        ("吃了五十片药，我想妈妈", "吃了五十片药，我想妈妈"),
        ("我站在小区楼顶的栏杆外面", "我站在小区楼顶的栏杆外面"),
        ("我在十八楼的阳台，路边有人看着", "我在十八楼的阳台，路边有人看着"),
    ],
)
def test_what_could_name_somebody_is_taken_out_and_the_danger_stays(text, kept):
    assert kept in masking.masked(text)


def test_masking_twice_changes_nothing():
    once = masking.masked("我叫王小明，住在花园小区3栋502室，电话13800138000，二中的张老师知道")
    assert masking.masked(once) == once
