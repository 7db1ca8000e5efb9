"""Every write of the vault."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import SYSTEM, Actor
from qingting.core.crypto import key_version, keyring, seal, unseal
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import joined
from qingting.seekers import rules
from qingting.seekers.events import (
    ConsentRecorded,
    ConsentWithdrawn,
    DatumStored,
    DatumUnmasked,
    SeekerDescribed,
    SeekerRecorded,
    VaultRotated,
)
from qingting.seekers.models import Consent, PersonalDatum, Seeker, UnmaskReason
from qingting.seekers.permissions import RECORD, UNMASK
from qingting.seekers.selectors import (
    SEALED,
    datum_of,
    index_of,
    kinds_waiting_for_consent,
    visible_to,
)
from qingting.seekers.states import AgeBand, ConsentBasis, DatumKind, Gender, SpecialGroup, UnmaskReasonCode

# Product default: more than a busy night needs, far less than it takes to copy the vault.
UNMASKS_AN_HOUR = 60


@transaction.atomic
def record_seeker(
    *,
    actor: Actor,
    at: datetime,
    age_band: str = "",
    gender: str = "",
    special_groups: Iterable[str] = (),
) -> Seeker:
    """Record a person under a random pseudonym; everything else may stay unknown. Needs `seekers.record`."""
    actor.require(RECORD)
    known = _checked(age_band, gender, special_groups)
    seeker = Seeker.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        pseudonym=rules.pseudonym(secrets.choice(rules.PSEUDONYM_WORDS), secrets.randbelow(10_000)),
        created_at=at,
        **known,
    )
    publish(SeekerRecorded(**_told(seeker)), actor=actor, at=at)
    return seeker


def _told(seeker: Seeker) -> dict[str, Any]:
    return {
        "organisation_id": seeker.organisation_id,
        "province": seeker.province,
        "seeker_id": seeker.pk,
    }


def _checked(age_band: str | None, gender: str | None, special_groups: Iterable[str] | None) -> dict[str, Any]:
    """The fields that were named, in order; Invalid for a code that does not exist. None leaves a field as it is."""
    groups = None if special_groups is None else sorted(set(special_groups))
    known = {"age_band": age_band, "gender": gender, "special_groups": groups}
    right = (
        age_band in (None, "", *AgeBand.values)
        and gender in (None, "", *Gender.values)
        and set(groups or ()) <= set(SpecialGroup.values)
    )
    if not right:
        raise Invalid(
            "有一项选择不在可选范围内。",
            code="seekers.seeker.unknown-code",
            do_next="请刷新页面后重新选择。",
        )
    return {name: value for name, value in known.items() if value is not None}


def _locked(actor: Actor, seeker_id: int) -> Seeker:
    """The seeker with the row locked: what is stored of one person is stored one after another."""
    actor.require(RECORD)
    found = visible_to(actor).select_for_update().filter(pk=seeker_id).first()
    if found is None:
        raise not_found("来访者", "seekers.seeker.not-found")
    return found


@transaction.atomic
def describe_seeker(
    *,
    actor: Actor,
    seeker_id: int,
    at: datetime,
    age_band: str | None = None,
    gender: str | None = None,
    special_groups: Iterable[str] | None = None,
) -> Seeker:
    """Add to what is known of a person. None leaves a field as it is; an empty value says that it is not known."""
    seeker = _locked(actor, seeker_id)
    known = _checked(age_band, gender, special_groups)
    changed = [name for name, value in known.items() if getattr(seeker, name) != value]
    if not changed:
        return seeker
    for name in changed:
        setattr(seeker, name, known[name])
    seeker.save(update_fields=changed)
    publish(SeekerDescribed(**_told(seeker), fields=changed), actor=actor, at=at)
    return seeker


@transaction.atomic
def store_datum(*, actor: Actor, seeker_id: int, kind: str, value: str, at: datetime) -> PersonalDatum:
    """Seal one value of a person. An older value of the kind is kept as history; storing the same again changes nothing.

    Raises Invalid for a value that can't be right, DomainError for a child under 14 without a ground for keeping it.
    """
    seeker = _locked(actor, seeker_id)
    value = _storable(kind, value)
    _refuse_without_ground(seeker, kind)
    current = PersonalDatum.objects.filter(seeker=seeker, kind=kind, replaced_at=None).first()
    if current is not None:
        if unseal(bytes(current.sealed), field=SEALED) == value:
            return current
        PersonalDatum.objects.filter(pk=current.pk).update(replaced_at=at)
    datum = _sealed(seeker, kind, value)
    datum.stored_at, datum.stored_by_account_id = at, actor.account_id or None
    datum.save(force_insert=True)
    stored = DatumStored(**_told(seeker), kind=kind, kind_label=DatumKind(kind).label)
    publish(stored, actor=actor, at=at)
    return datum


def _storable(kind: str, value: str) -> str:
    if kind not in DatumKind.values:
        raise Invalid("没有这一类个人信息。", code="seekers.datum.kind", do_next="请刷新页面后重试。")
    value = rules.normalised(kind, value)
    problem = rules.problem_with(kind, value)
    if problem:
        raise Invalid(problem, code="seekers.datum.value", do_next="改正后再保存；不确定时可以先空着。")
    return value


def _refuse_without_ground(seeker: Seeker, kind: str) -> None:
    if kind in kinds_waiting_for_consent(seeker):
        raise DomainError(
            "这位来访者不满14周岁，还没有记录监护人同意，暂不能登记身份信息。",
            code="seekers.datum.guardian-consent-missing",
            do_next="请先记录监护人同意；如果生命安全正受到威胁，或属于强制报告情形，请先选择相应依据再登记。",
        )


def _sealed(seeker: Seeker, kind: str, value: str) -> PersonalDatum:
    envelope = seal(value, field=SEALED)
    return PersonalDatum(
        organisation_id=seeker.organisation_id,
        province=seeker.province,
        seeker=seeker,
        kind=kind,
        sealed=envelope,
        key_version=key_version(envelope),
        blind_index=index_of(kind, value),
        tail=rules.tail(kind, value),
    )


@transaction.atomic
def unmask(*, actor: Actor, datum_id: int, reason_code: str, words: str, at: datetime) -> str:
    """The plain value, after the reason is written down and told to the journal. Needs `seekers.unmask`.

    Raises Invalid without a reason, TooMany above UNMASKS_AN_HOUR for one account.
    """
    actor.require(UNMASK)
    words = rules.without_numbers(words.strip())[:200]
    if reason_code not in UnmaskReasonCode.values or (reason_code == UnmaskReasonCode.OTHER and not words):
        raise Invalid(
            "查看完整信息需要写明理由。",
            code="seekers.unmask.reason-missing",
            do_next="请选择一个理由；选“其他”时请写一句说明。",
        )
    datum = datum_of(actor, datum_id)
    check_rate("unmask", str(actor.account_id), limit=UNMASKS_AN_HOUR, seconds=3600, at=at)
    _write_down(actor, datum, UnmaskReasonCode(reason_code), words, at)
    return unseal(bytes(datum.sealed), field=SEALED)


@joined
def number_for_message(*, actor: Actor, seeker_id: int, at: datetime) -> tuple[str, str] | None:
    """The person's own number and its visible end, for a message that the platform sends them; None where none is kept.

    It is told like any look behind the mask (as 回访), and must leave this call sealed or not at all.
    """
    kept = PersonalDatum.objects.select_related("seeker").filter(kind=DatumKind.PHONE, replaced_at=None)
    datum = kept.filter(seeker_id=seeker_id).first()
    if datum is None:
        return None
    _write_down(actor, datum, UnmaskReasonCode.FOLLOW_UP, "发送评价链接", at)
    return unseal(bytes(datum.sealed), field=SEALED), datum.tail


@joined
def number_to_call(
    *, actor: Actor, seeker_id: int, kind: str, why: UnmaskReasonCode = UnmaskReasonCode.LIFE_AT_STAKE, at: datetime
) -> str:
    """A person's or their guardian's number, for the telephone only: dialled, shown to nobody. '' where none is kept.

    It is told like any look behind the mask, for the reason `why`, and must leave this call sealed or not at all.
    """
    kept = PersonalDatum.objects.select_related("seeker").filter(kind=kind, replaced_at=None)
    datum = kept.filter(seeker_id=seeker_id).first()
    if datum is None:
        return ""
    _write_down(actor, datum, why, "由系统拨打，不显示号码", at)
    return unseal(bytes(datum.sealed), field=SEALED)


def _write_down(actor: Actor, datum: PersonalDatum, code: UnmaskReasonCode, words: str, at: datetime) -> None:
    """The reason belongs to whoever looked; the journal entry to whose record it is."""
    reason = UnmaskReason.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        seeker_id=datum.seeker_id,
        account_id=actor.account_id,
        kind=datum.kind,
        reason_code=code,
        words=words,
        at=at,
    )
    unmasked = DatumUnmasked(
        **_told(datum.seeker),
        kind=datum.kind,
        kind_label=DatumKind(datum.kind).label,
        reason_code=code.value,
        reason_label=str(code.label),
        reason_id=reason.pk,
    )
    publish(unmasked, actor=actor, at=at)


@transaction.atomic
def record_consent(*, actor: Actor, seeker_id: int, basis: str, purpose: str, at: datetime, words: str = "") -> Consent:
    """Record on which ground a person's data are kept or passed on, and for what. Needs `seekers.record`."""
    seeker = _locked(actor, seeker_id)
    if basis not in ConsentBasis.values or not purpose.strip():
        raise Invalid(
            "请说明依据和用途。",
            code="seekers.consent.incomplete",
            do_next="选择一项依据，并写明用于什么，例如“登记联系方式、继续提供帮助”。",
        )
    consent = Consent.objects.create(
        organisation_id=seeker.organisation_id,
        province=seeker.province,
        seeker=seeker,
        basis=basis,
        purpose=purpose.strip()[:60],
        words=words.strip()[:300],
        given_at=at,
        recorded_by_account_id=actor.account_id,
    )
    told: dict[str, Any] = {"consent_id": consent.pk, "basis": basis, "basis_label": str(ConsentBasis(basis).label)}
    publish(ConsentRecorded(**_told(seeker), **told), actor=actor, at=at)
    return consent


@transaction.atomic
def withdraw_consent(*, actor: Actor, consent_id: int, at: datetime) -> Consent:
    """The person or guardian takes a consent back. What was kept stays until it is deleted; nothing more may be added."""
    consent = Consent.objects.filter(pk=consent_id).first()
    if consent is None:
        raise not_found("同意记录", "seekers.consent.not-found")
    seeker = _locked(actor, consent.seeker_id)
    if Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at):
        consent.withdrawn_at = at
        publish(ConsentWithdrawn(**_told(seeker), consent_id=consent.pk), actor=actor, at=at)
    return consent


@transaction.atomic
def rotate_vault(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` values of older keys with the current one, beside the running work. Returns how many; 0 when done."""
    current = keyring().current
    with acting(EVERYTHING):
        stale = PersonalDatum.objects.filter(key_version__lt=current).order_by("key_version", "pk")
        data = list(stale.select_for_update(skip_locked=True)[:batch])
        for datum in data:
            datum.sealed = seal(unseal(bytes(datum.sealed), field=SEALED), field=SEALED)
            datum.key_version = key_version(datum.sealed)
        PersonalDatum.objects.bulk_update(data, ["sealed", "key_version"])
        if data:
            rotated = VaultRotated(organisation_id=0, province="", values=len(data), key_version=current)
            publish(rotated, actor=SYSTEM, at=at)
    return len(data)
