"""A young person's name and number are kept so that only those who help, and say why, can read them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from qingting.core import crypto
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.seekers import selectors, services
from qingting.seekers.models import PersonalDatum, UnmaskReason

PHONE = "13812345678"


def store(actor, seeker, kind, value, at):
    return services.store_datum(actor=actor, seeker_id=seeker.pk, kind=kind, value=value, at=at)


def unmask(actor, datum, at, reason="CALL_BACK", words=""):
    return services.unmask(actor=actor, datum_id=datum.pk, reason_code=reason, words=words, at=at)


@pytest.fixture
def fresh_keys(settings, tmp_path):
    settings.VAR = tmp_path


def test_a_seeker_has_a_friendly_name_that_means_nothing(seeker):
    assert seeker.pseudonym.startswith("来访者·")
    assert len(seeker.pseudonym) <= 20


def test_the_table_holds_no_plain_value(here, seeker, phone, at):
    store(here, seeker, "NAME", "陈小雨", at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text, d.sealed FROM seekers_personaldatum d")
        for text, sealed in cursor.fetchall():
            assert PHONE not in text
            assert "陈小雨" not in text
            assert PHONE.encode() not in bytes(sealed)
            assert "陈小雨".encode() not in bytes(sealed)


def test_the_journal_holds_ids_and_no_value(here, seeker, phone, at):
    unmask(here, phone, at, reason="OTHER", words="妈妈请我们回电13812345678")
    told = str(list(Entry.objects.filter(name__startswith="seekers.").values_list("ids", "data")))
    assert PHONE not in told
    assert "妈妈" not in told
    assert PHONE not in UnmaskReason.objects.get().words


def test_data_are_shown_masked(here, seeker, phone):
    assert selectors.masked_data(here, seeker.pk)["PHONE"].masked == "138****5678"


def test_a_newer_value_stands_and_the_older_one_is_kept(here, seeker, phone, at):
    store(here, seeker, "PHONE", "13900001111", at + timedelta(minutes=1))
    assert selectors.masked_data(here, seeker.pk)["PHONE"].masked == "139****1111"
    assert PersonalDatum.objects.filter(seeker=seeker).count() == 2
    assert selectors.find_by(here, "PHONE", PHONE) == [seeker]


def test_storing_the_same_again_changes_nothing(here, seeker, phone, at):
    assert store(here, seeker, "PHONE", "+86 138-1234-5678", at).pk == phone.pk


def test_a_wrong_phone_is_refused_with_a_hint(here, seeker, at):
    with pytest.raises(Invalid) as refusal:
        store(here, seeker, "PHONE", "1381234", at)
    assert refusal.value.do_next


def test_looking_needs_a_reason(here, phone, at):
    for reason, words in (("", "看一下"), ("BECAUSE", "看一下"), ("OTHER", "  ")):
        with pytest.raises(Invalid):
            unmask(here, phone, at, reason, words)
    assert not UnmaskReason.objects.exists()
    assert unmask(here, phone, at) == PHONE
    assert UnmaskReason.objects.get().reason_code == "CALL_BACK"
    assert Entry.objects.filter(name="seekers.datum-unmasked").count() == 1


def test_looking_needs_the_permission(tree, here, phone, at):
    analyst = tree.person("ANALYST", tree.station)
    with pytest.raises(NotAllowed):
        unmask(analyst, phone, at)


def test_nobody_reads_the_whole_vault(here, phone, at, monkeypatch):
    monkeypatch.setattr(services.vault, "UNMASKS_AN_HOUR", 2)
    unmask(here, phone, at)
    unmask(here, phone, at)
    with pytest.raises(TooMany):
        unmask(here, phone, at)
    assert unmask(here, phone, at + timedelta(hours=1)) == PHONE


def test_another_organisation_finds_nothing(here, seeker, phone, agent_elsewhere, at):
    with acting(agent_elsewhere.scope):
        assert selectors.find_by(agent_elsewhere, "PHONE", PHONE) == []
        with pytest.raises(NotFound):
            selectors.seeker_of(agent_elsewhere, seeker.pk)
        with pytest.raises(NotFound):
            unmask(agent_elsewhere, phone, at)
        with pytest.raises(NotFound):
            store(agent_elsewhere, seeker, "NAME", "陈小雨", at)
    assert selectors.find_by(here, "PHONE", "１３８-1234-5678") == [seeker]


def test_the_database_is_the_wall_even_for_raw_sql(here, phone, agent_elsewhere):
    for table in ("seekers_seeker", "seekers_personaldatum"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 1
            with acting(agent_elsewhere.scope):
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize(("kind", "value"), [("PHONE", ""), ("PHONE", "138"), ("NAME", " "), ("ADDRESS", "广州")])
def test_there_is_no_list_of_people(here, phone, kind, value):
    with pytest.raises(Invalid):
        selectors.find_by(here, kind, value)


def test_a_child_under_14_stays_unnamed_until_there_is_a_ground(here, child, at):
    with pytest.raises(DomainError) as refusal:
        store(here, child, "NAME", "小石头", at)
    assert "监护人" in refusal.value.do_next
    assert not selectors.may_know_more(here, child.pk)
    store(here, child, "GUARDIAN_PHONE", PHONE, at)
    consent = services.record_consent(
        actor=here, seeker_id=child.pk, basis="GUARDIAN", purpose="登记并继续提供帮助", at=at
    )
    assert selectors.may_know_more(here, child.pk)
    assert store(here, child, "NAME", "小石头", at).pk
    services.withdraw_consent(actor=here, consent_id=consent.pk, at=at)
    with pytest.raises(DomainError):
        store(here, child, "SCHOOL", "某某小学", at)


def test_a_life_at_stake_comes_first(here, child, at):
    services.record_consent(
        actor=here, seeker_id=child.pk, basis="LIFE_AT_STAKE", purpose="请求110、120定位救助", at=at
    )
    assert store(here, child, "ADDRESS", "广州市天河区某某路1号", at).pk


def test_a_description_says_what_changed(here, seeker, at):
    services.describe_seeker(actor=here, seeker_id=seeker.pk, special_groups=["LEFT_BEHIND"], at=at)
    services.describe_seeker(actor=here, seeker_id=seeker.pk, special_groups=["LEFT_BEHIND"], at=at)
    seeker.refresh_from_db()
    assert (seeker.age_band, seeker.special_groups) == ("FROM_14_TO_17", ["LEFT_BEHIND"])
    assert Entry.objects.filter(name="seekers.described").count() == 1


def test_an_unknown_code_is_refused(here, at):
    with pytest.raises(Invalid):
        services.record_seeker(actor=here, age_band="OLD", at=at)


def test_rotation_keeps_every_value_readable_and_findable(fresh_keys, here, seeker, phone, at):
    store(here, seeker, "NAME", "陈小雨", at)
    before = bytes(PersonalDatum.objects.get(pk=phone.pk).blind_index)
    version = crypto.add_key()
    assert services.rotate_vault(batch=1, at=at) == 1
    assert services.rotate_vault(batch=10, at=at) == 1
    assert services.rotate_vault(batch=10, at=at) == 0
    with acting(EVERYTHING):
        assert set(PersonalDatum.objects.values_list("key_version", flat=True)) == {version}
        assert {crypto.key_version(datum.sealed) for datum in PersonalDatum.objects.all()} == {version}
    assert bytes(PersonalDatum.objects.get(pk=phone.pk).blind_index) == before
    assert unmask(here, phone, at) == PHONE
    assert selectors.find_by(here, "NAME", "陈 小雨") == [seeker]


def test_the_command_makes_a_new_key_and_changes_to_it(fresh_keys, here, phone, at):
    told = StringIO()
    call_command("rotate-vault", "--new-key", "--batch=1", stdout=told)
    assert "seekers.services.rotate_vault: 1" in told.getvalue()
    assert PersonalDatum.objects.get().key_version == crypto.keyring().current == 2
    assert unmask(here, phone, at) == PHONE
