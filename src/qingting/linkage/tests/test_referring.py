"""Other desks: by page or by letter, with the least that is needed, on a stated ground, and listed per person."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from qingting.cases.selectors import holds_of, visible_to
from qingting.core.clocks import tick
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.heartbeats import beat
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.states import PartnerKind
from qingting.linkage import selectors, services
from qingting.linkage.models import Desk, Handoff
from qingting.linkage.referral_kinds import kinds
from qingting.linkage.services import Answer, NewDesk, Referral, Wish
from qingting.seekers.models import Consent
from qingting.staff.models import Notice
from qingting.staff.notices import page_of, text_of
from qingting.telephony.services.announcing import claim_announcements, note_announced

pytestmark = pytest.mark.slow

WORDS = "请协助办理法律援助申请"


def added(tree, *what):
    """A partner organisation beside the small tree."""
    organisation = tree._add("PARTNER", *what)
    organisation.save(force_insert=True)
    return organisation


@pytest.fixture
def desk(tree, at, rules_in_force):
    """`desk(kind, manner)`: a registered partner in Guangdong."""

    def register(kind, manner="PAGE", **more):
        partner = added(tree, kind.label, "440000", "440000", None, kind)
        new = {"code": f"desk-{kind.value.lower().replace('_', '-')}", "phone": "020-1"} | more
        services.register_desk(desk=NewDesk(station=tree.station, partner=partner, manner=manner, **new), at=at)
        return partner

    return register


@pytest.fixture
def legal(desk):
    return desk(PartnerKind.LEGAL_12348)


@pytest.fixture
def lawyer_there(tree, legal):
    return tree.person("PARTNER_OPERATOR", legal)


@pytest.fixture
def referred(agent_here, case, legal, at):
    wish = Wish(WORDS, with_phone=True)
    with acting(agent_here.scope):
        return services.refer(
            actor=agent_here, case_id=case.pk, referral=Referral("TO_12348_LEGAL", wish=wish, agreed="SELF"), at=at
        )


@pytest.fixture
def browsers(sign_in, client):
    return sign_in, client


def answer(actor, handoff, act, at, **more):
    with acting(actor.scope):
        return services.answer_as_partner(actor=actor, handoff_id=handoff.pk, answer=Answer(act, **more), at=at)


def test_the_least_is_told_on_a_stated_ground_and_listed_for_the_person(everything, referred, agent_here, case):
    body = selectors.body_of(referred)
    person = body["persons"][0]
    assert person["phone"] == "13912345678"
    assert "gender" not in person, "the kind does not name it"
    assert not {"locations", "riskSnapshot", "calls"} & set(body)
    assert body["disclosureBasis"]["code"] == "CONSENT"
    assert Consent.objects.filter(seeker_id=case.seeker_id, basis="SELF", purpose__contains="12348").exists()
    assert [row.pk for row in selectors.told_of(agent_here, case.seeker_id)] == [referred.pk]
    assert referred.state == "SENT"
    assert [hold.kind for hold in holds_of(agent_here, case.pk)] == ["HANDOFF_OPEN"]


@pytest.mark.parametrize(
    "wrong",
    [Referral("TO_12348_LEGAL", wish=Wish(WORDS)), Referral("NOWHERE"), Referral("TO_12348_LEGAL", agreed="SELF")],
)
def test_without_consent_words_or_a_kind_nothing_leaves(everything, agent_here, case, legal, at, wrong):
    with pytest.raises(Invalid):
        services.refer(actor=agent_here, case_id=case.pk, referral=wrong, at=at)
    assert not Handoff.objects.exists()


def test_where_nobody_is_registered_people_are_told_to_telephone(everything, agent_here, case, legal, at):
    referral = Referral("TO_CIVIL_AFFAIRS_CARE", wish=Wish(WORDS))
    with pytest.raises(DomainError) as refusal:
        services.refer(actor=agent_here, case_id=case.pk, referral=referral, at=at)
    assert "电话" in refusal.value.do_next


def test_the_partner_sees_this_and_nothing_else(referred, lawyer_there, case, desk, tree):
    with acting(lawyer_there.scope):
        seen = selectors.referral_to(lawyer_there, referred.pk)
        assert seen.case is None
        assert not visible_to(lawyer_there).exists()
    other = tree.person("PARTNER_OPERATOR", desk(PartnerKind.WOMEN_12338))
    with acting(other.scope), pytest.raises(NotFound):
        selectors.referral_to(other, referred.pk)


def test_its_answers_come_back_onto_the_case_step_by_step(everything, referred, lawyer_there, agent_here, case, at):
    answer(lawyer_there, referred, "acknowledge", at, number="FY-2026-7")
    answer(lawyer_there, referred, "progress", at, words="已指派律师")
    done = answer(lawyer_there, referred, "result", at, code="CASE_OPENED", words="已受理")
    assert (done.state, done.outcome, done.incident_number) == ("COMPLETED", "CASE_OPENED", "FY-2026-7")
    assert [note.kind for note in selectors.notes_of(done)] == ["acknowledgement", "progress", "result"]
    assert holds_of(agent_here, case.pk) == []
    assert Entry.objects.filter(name="linkage.answered-by-hand", account_id=lawyer_there.account_id).count() == 3


def test_a_step_out_of_turn_is_refused(referred, lawyer_there, at):
    with pytest.raises(DomainError):
        answer(lawyer_there, referred, "result", at, code="CASE_OPENED")
    answer(lawyer_there, referred, "reject", at, code="NOT_OUR_AREA", words="请转深圳")
    with pytest.raises(DomainError):
        answer(lawyer_there, referred, "acknowledge", at)


@pytest.mark.parametrize(
    ("act", "more"), [("explode", {}), ("result", {"code": "GREAT"}), ("acknowledge", {"number": "编号一"})]
)
def test_nonsense_is_refused_and_changes_nothing(referred, lawyer_there, at, act, more):
    with pytest.raises(DomainError):
        answer(lawyer_there, referred, act, at, **more)
    with acting(lawyer_there.scope):
        assert selectors.referral_to(lawyer_there, referred.pk).state == "SENT"


def test_people_of_ours_may_not_answer_for_a_partner_s_people(referred, agent_here, at):
    with pytest.raises((NotFound, NotAllowed)):
        answer(agent_here, referred, "acknowledge", at)


def test_looking_at_the_number_is_written_down(everything, referred, lawyer_there, sign_in):
    browser = sign_in(lawyer_there)
    page = browser.get(reverse("linkage:partner-matter", args=[referred.pk])).content.decode()
    assert WORDS in page
    assert "13912345678" not in page
    page = browser.post(reverse("linkage:partner-contact", args=[referred.pk])).content.decode()
    assert "13912345678" in page
    assert Entry.objects.filter(name="linkage.looked-at-referral", account_id=lawyer_there.account_id).exists()
    assert browser.get(reverse("linkage:list")).status_code == 403
    assert WORDS not in browser.get(reverse("linkage:partner")).content.decode()


def test_a_letter_is_printed_and_answered_through_its_code(everything, agent_here, case, desk, at, browsers):
    sign_in, client = browsers
    desk(PartnerKind.CIVIL_AFFAIRS, "LETTER")
    referral = Referral("TO_CIVIL_AFFAIRS_CARE", wish=Wish("请评估临时监护"))
    handoff = services.refer(actor=agent_here, case_id=case.pk, referral=referral, at=at)
    page = sign_in(agent_here).get(reverse("linkage:letter", args=[handoff.pk]))
    assert "请评估临时监护" in page.content.decode()
    from qingting.linkage.views.letters import _token

    address = reverse("linkage:letter-reply", args=[_token(handoff)])
    assert "请评估临时监护" not in client.get(address).content.decode()
    assert client.post(address, {"act": "acknowledge", "words": "张科长 020-1"}).status_code == 200
    assert client.post(address, {"act": "result", "code": "TRANSFERRED", "words": "已接收"}).status_code == 200
    handoff.refresh_from_db()
    assert (handoff.state, handoff.outcome) == ("COMPLETED", "TRANSFERRED")
    assert client.get(address[:-3] + "AAA").status_code == 404


def test_a_reply_by_telephone_is_written_down_by_us(everything, referred, agent_here, at):
    said = Answer("acknowledge", words="12348的王老师电话答复已收到")
    done = services.answer_by_hand(actor=agent_here, handoff_id=referred.pk, answer=said, at=at)
    assert done.state == "ACKNOWLEDGED"
    assert selectors.notes_of(done)[0].words.startswith("12348的王老师")


def test_clicking_twice_refers_once(everything, referred, agent_here, case, at):
    again = Referral("TO_12348_LEGAL", wish=Wish(WORDS), agreed="SELF")
    assert services.refer(actor=agent_here, case_id=case.pk, referral=again, at=at).pk == referred.pk


def test_another_province_refers_nothing_here(referred, agent_elsewhere, case, at):
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        services.refer(actor=agent_elsewhere, case_id=case.pk, referral=Referral("TO_12348_LEGAL"), at=at)


def test_the_pages_offer_only_what_there_is(everything, legal, agent_here, case, sign_in):
    browser = sign_in(agent_here)
    page = browser.get(reverse("linkage:refer", args=[case.pk])).content.decode()
    assert "法律援助申请" in page
    assert "临时监护" not in page
    preview = browser.get(
        reverse("linkage:refer-preview", args=[case.pk]), {"kind": "TO_12348_LEGAL:0", "words": WORDS}
    )
    assert WORDS in preview.content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", "Desk_1"),
        ("url", "http://10.0.0.1"),
        ("url", "https://user:x@desk.example"),
        ("url", "file:///etc/passwd"),
        ("keys", ({"keyId": "k", "alg": "none", "publicKey": "AAAA"},)),
        ("keys", ({"keyId": "k", "alg": "ed25519", "publicKey": "AAAA"},)),
    ],
)
def test_what_can_not_be_right_is_not_registered(everything, tree, at, name, value):
    right = {"code": "desk-a", "url": "https://desk.example", "phone": "1"} | {name: value}
    with pytest.raises(Invalid) as refusal:
        services.register_desk(desk=NewDesk(station=tree.station, partner=tree.police, **right), at=at)
    assert name in refusal.value.fields


def test_a_desk_is_registered_on_its_page_by_those_who_run_the_links(
    everything, tree, leader_here, agent_here, sign_in
):
    partner = added(tree, "广东12345", "440000", "440000", None, PartnerKind.GOVERNMENT_12345)
    typed = {"partner": partner.pk, "manner": "PAGE", "code": "desk-12345", "phone": "12345"}
    assert sign_in(agent_here).post(reverse("linkage:register"), typed).status_code == 403
    browser = sign_in(leader_here)
    assert browser.post(reverse("linkage:register"), {**typed, "code": "大写"}).status_code == 422
    assert browser.post(reverse("linkage:register"), typed).status_code == 302
    assert Desk.objects.get().manner == "PAGE"
    assert "desk-12345" in browser.get(reverse("linkage:desks")).content.decode()


def test_nobody_takes_over_another_province_s_desk(everything, tree, police, at):
    stranger = tree.person("SHIFT_LEADER", tree.elsewhere_station)
    new = NewDesk(
        code="desk-110", station=tree.elsewhere_station, partner=tree.police, phone="1", url="https://a.example"
    )
    with pytest.raises(Invalid):
        services.register_desk(actor=stranger, desk=new, at=at)


def house(tree, **other):
    new = {"code": "desk-12355-gx", "partner": tree.elsewhere, "phone": "12355", "url": "https://gx.example"}
    return NewDesk(station=tree.station, **({**new, "regions": ("450000",)} | other))


def test_who_speaks_for_another_province_is_an_administrator_s_act_and_stands_in_the_journal(
    everything, tree, leader_here, at
):
    with pytest.raises(NotAllowed):
        services.register_desk(actor=leader_here, desk=house(tree), at=at)
    assert not Desk.objects.exists()
    administrator = tree.person("SYSTEM_ADMINISTRATOR", tree.station)
    services.register_desk(actor=administrator, desk=house(tree), at=at)
    entry = Entry.objects.get(name="linkage.desk-registered")
    assert (entry.account_id, entry.data["speaks_for"]) == (administrator.account_id, "450000")
    for change in ({"url": "https://elsewhere.example"}, {"regions": ()}):  # neither its address nor its keys by others
        with pytest.raises(NotAllowed):
            services.register_desk(actor=leader_here, desk=house(tree, **change), at=at)
    assert Desk.objects.get().url == "https://gx.example"


def test_two_houses_never_speak_for_the_same_province_and_none_has_our_own_name(everything, tree, at):
    services.register_desk(desk=house(tree), at=at)
    for wrong in ({"code": "desk-12355-false"}, {"code": settings.DESK_ID}):
        with pytest.raises(Invalid):
            services.register_desk(desk=house(tree, **wrong), at=at)
    assert Desk.objects.count() == 1


def test_the_form_asks_only_an_administrator_for_whom_a_desk_speaks(everything, tree, leader_here, sign_in, at):
    administrator = tree.person("SYSTEM_ADMINISTRATOR", tree.station)
    services.register_desk(actor=administrator, desk=house(tree), at=at)
    address = reverse("linkage:desk", args=[Desk.objects.get().pk])
    assert 'name="regions"' in sign_in(administrator).get(address).content.decode()
    browser = sign_in(leader_here)
    assert 'name="regions"' not in browser.get(address).content.decode()
    typed = {"partner": tree.elsewhere.pk, "manner": "WIRE", "code": "x", "phone": "1", "url": "https://a.example"}
    assert browser.post(address, typed).status_code == 403
    assert Desk.objects.get().regions == ["450000"]


def test_the_page_of_the_lines_shows_what_waits_at_every_desk_and_who_knocked(
    everything, referred, leader_here, sign_in, at
):
    strange = {"deskwire-desk": "desk-nobody"}
    services.answer(method="GET", target="/deskwire/v1/health", headers=strange, body=b"", at=at)
    text = sign_in(leader_here).get(reverse("linkage:desks")).content.decode()
    assert '<span class="tag urgent">1</span>' in text
    assert "signature-missing" in text


def test_nobody_answers_so_people_telephone_and_then_the_higher_desk_gets_it_once(
    everything, tree, police, agent_here, case, at
):
    nation = added(tree, "全国110", "440000", None, None, PartnerKind.POLICE_110)
    new = NewDesk(code="desk-110-nation", station=tree.station, partner=nation, phone="1", url="https://n.example")
    services.register_desk(desk=NewDesk(**{**vars_of(new), "region": selectors.NATION}), at=at)
    first = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    assert first.desk.code == "desk-110"
    tick(at=at + timedelta(seconds=61))
    assert Notice.objects.filter(kind="linkage.call-wanted", account_id=agent_here.account_id).exists()
    assert Entry.objects.filter(name="linkage.call-wanted").count() == 1
    for minutes in (3, 5, 9):
        tick(at=at + timedelta(minutes=minutes))
    (raised,) = Handoff.objects.filter(raised_from=first)
    assert raised.desk.code == "desk-110-nation"
    assert selectors.body_of(raised)["relatedLinkId"] == str(first.link_id)
    assert selectors.body_of(raised)["summary"] == selectors.body_of(first)["summary"]


def test_a_duty_telephone_that_nobody_picks_up_sends_it_to_the_higher_desk_and_rings_there(
    everything, tree, police, agent_here, case, at
):
    nation = added(tree, "全国110", "440000", None, None, PartnerKind.POLICE_110)
    new = NewDesk(
        code="desk-110-nation", station=tree.station, partner=nation, phone="01088880000", url="https://n.example"
    )
    services.register_desk(desk=NewDesk(**{**vars_of(new), "region": selectors.NATION}), at=at)
    first = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    for part in ("controller", "telephone"):
        beat(part, at=at + timedelta(seconds=61))
    tick(at=at + timedelta(seconds=61))
    for minutes in (2, 5, 8):
        moment = at + timedelta(minutes=minutes)
        (due,) = claim_announcements(free=5, at=moment)
        assert due.number == "020110"
        beat("controller", at=moment)
        beat("telephone", at=moment)
        note_announced(attempt_id=due.attempt_id, outcome="NO_ANSWER", at=moment)
    (raised,) = Handoff.objects.filter(raised_from=first)
    (due,) = claim_announcements(free=5, at=moment)
    assert due.number == "01088880000"
    told = Entry.objects.filter(case_id=case.pk, name="telephony.announcement-tried")
    assert told.count() == 3
    assert raised.state == "QUEUED"


def vars_of(row):
    return {name: getattr(row, name) for name in row.__slots__}


def test_every_kind_goes_to_a_partner_there_is_and_names_a_law():
    for kind in kinds().values():
        assert kind.partner in PartnerKind.values
        assert "法》" in kind.ground.words


def test_an_organisation_that_left_is_offered_no_more(everything, legal, agent_here, case):
    Organisation.objects.filter(pk=legal.pk).update(active=False)
    assert selectors.referral_choices(case) == []


def test_the_partners_people_hear_of_it_by_bell_and_come_to_their_own_page(referred, legal, lawyer_there, browsers, at):
    with acting(EVERYTHING):
        told = Notice.objects.get(organisation_id=legal.pk, kind="linkage.for-partner")
    assert page_of(told) == reverse("linkage:partner-matter", args=[referred.pk])
    assert text_of(told.kind) == "12355转来一件事项，请按时签收"
    sign_in, _ = browsers
    assert sign_in(lawyer_there).get(page_of(told)).status_code == 200


def test_a_letter_rings_no_bell(everything, agent_here, case, desk, at):
    court = desk(PartnerKind.COURT, "LETTER")
    referral = Referral("TO_COURT_PROTECTION", wish=Wish(WORDS), agreed="SELF")
    services.refer(actor=agent_here, case_id=case.pk, referral=referral, at=at)
    assert not Notice.objects.filter(organisation_id=court.pk).exists()


def test_what_is_added_or_taken_back_is_told_to_the_partner(everything, referred, legal, agent_here, at):
    services.send_supplement(actor=agent_here, handoff_id=referred.pk, words="本人已换了电话", at=at)
    services.cancel_handoff(actor=agent_here, handoff_id=referred.pk, reason="RESOLVED", words="已解决", at=at)
    kinds_told = set(Notice.objects.filter(organisation_id=legal.pk).values_list("kind", flat=True))
    assert kinds_told == {"linkage.for-partner", "linkage.for-partner-more", "linkage.for-partner-taken-back"}


def test_a_notice_names_the_desk_that_answered(everything, referred, legal, lawyer_there, agent_here, at):
    answer(lawyer_there, referred, "reject", at, code="NOT_OUR_AREA", words="不属本地")
    told = Notice.objects.filter(account_id=agent_here.account_id, kind__startswith="linkage.rejected").get()
    assert text_of(told.kind) == "12348法律服务热线退回了一次转介，请改用电话联系"
    assert text_of("linkage.rejected").startswith("110退回")
