"""Registering other desks: who runs them, how they are reached, whose signature is believed."""

import base64
import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from deskwire.moments import from_wire
from deskwire.suites import SUITES
from qingting.core.actors import SYSTEM, Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.linkage import selectors
from qingting.linkage.events import DeskRegistered
from qingting.linkage.models import Desk
from qingting.linkage.permissions import OPERATE, REGISTER_HOUSE
from qingting.linkage.states import Manner

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_REGION = re.compile(r"[1-9][0-9]{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDesk:
    """What is entered about a desk. station and partner: organisations; keys: as `Desk.public_keys`; or a file to follow;
    region: a GB/T 2260 code where it serves another place than its organisation's (100000: the whole country); regions: for
    another 12355 installation, as `Desk.regions`."""

    code: str
    station: Organisation
    partner: Organisation
    phone: str
    url: str = ""
    manner: str = Manner.WIRE
    keys: tuple[dict[str, str], ...] = ()
    key_file: str = ""
    region: str = ""
    regions: tuple[str, ...] = ()


@transaction.atomic
def register_desk(*, desk: NewDesk, at: datetime, actor: Actor = SYSTEM) -> Desk:
    """Register a desk, or bring its address, phone and keys up to date. Its history stays.

    Raises Invalid naming the field for a code, address or key that can't be right, NotAllowed without `linkage.operate`, or, for
    one that speaks for other provinces now or did so before, without `linkage.register-house`: whose keys these are decides
    whose word on a life in danger is believed.
    """
    actor.require(OPERATE)
    _refuse_wrong(desk)
    _refuse_without_right(actor, desk)
    entered = {
        "organisation_id": desk.station.pk,
        "province": desk.station.province,
        "manner": desk.manner,
        "partner_id": desk.partner.pk,
        "region_code": desk.region or desk.partner.division_id or desk.station.province,
        "regions": sorted(set(desk.regions)),
        "url": desk.url.rstrip("/"),
        "phone": desk.phone,
        "public_keys": list(desk.keys),
        "key_file": desk.key_file,
    }
    with acting(EVERYTHING):
        _refuse_foreign(actor, desk)
        _refuse_taken(desk)
        row, _ = Desk.objects.update_or_create(
            code=desk.code, defaults=entered, create_defaults={**entered, "state_since": at}
        )
        told = DeskRegistered(
            organisation_id=row.organisation_id,
            province=row.province,
            desk_id=row.pk,
            partner=selectors.partner_name(row),
            speaks_for=" ".join(row.regions),
        )
        publish(told, actor=actor, at=at)
    return row


def _faults_of_code(code: str) -> dict[str, str]:
    if code == settings.DESK_ID:
        return {"code": "这是本平台自己的代号"}
    return {} if _CODE.fullmatch(code) else {"code": "只能用小写字母、数字和“-”，2到63位"}


def _refuse_without_right(actor: Actor, desk: NewDesk) -> None:
    with acting(EVERYTHING):
        spoke = Desk.objects.filter(code=desk.code).exclude(regions=[]).exists()
    if desk.regions or spoke:
        actor.require(REGISTER_HOUSE)


def _refuse_wrong(desk: NewDesk) -> None:
    faults = _faults_of_code(desk.code)
    if desk.manner not in Manner.values:
        faults["manner"] = "请选择对接方式"
    if desk.manner == Manner.WIRE and not _address_is_fit(desk.url):
        faults["url"] = "应为 https:// 开头的地址，不带路径、账号和参数"
    if any(not _REGION.fullmatch(region) for region in desk.regions):
        faults["regions"] = "应为6位行政区划代码，用空格隔开"
    if desk.station.province in desk.regions:
        faults["regions"] = "本省的团组织就在这个平台上，不能登记在对方"
    if any(not key_is_fit(key) for key in desk.keys):
        faults["keys"] = "不是有效的公钥"
    if faults:
        raise Invalid("登记的内容有误。", code="linkage.desk.invalid", do_next="请按提示改正后再保存。", fields=faults)


def _refuse_taken(desk: NewDesk) -> None:
    """One house speaks for a region: a second one could put words into the first one's mouth."""
    others = Desk.objects.exclude(code=desk.code).filter(regions__overlap=list(desk.regions))
    if desk.regions and others.exists():
        raise Invalid(
            "这些地区已经登记在另一个平台上。",
            code="linkage.desk.region-taken",
            do_next="请先在原来的登记里去掉这些地区，再登记到新的平台。",
            fields={"regions": "已登记在另一个平台上"},
        )


def _refuse_foreign(actor: Actor, desk: NewDesk) -> None:
    """Nobody takes over the code of another province's desk, nor registers one there."""
    known = Desk.objects.filter(code=desk.code).values_list("province", flat=True).first()
    foreign = actor.acting_as != "system" and desk.station.province != actor.province
    if foreign or (known is not None and known != desk.station.province):
        raise Invalid(
            "这个代号已由其他省登记，或不属于您的省份。",
            code="linkage.desk.foreign",
            do_next="请换一个代号，或联系对方省份的系统管理员。",
            fields={"code": "不能使用"},
        )


def _address_is_fit(url: str) -> bool:
    """https to a host; plain http to this machine only, for demonstrations. Nothing else that our calls could be led to."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.query or parts.fragment or parts.path.strip("/") or len(url) > 200:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def key_is_fit(entry: dict[str, str]) -> bool:
    """Whether an entry of a published key set can be used: a known algorithm, a key of its size, moments that can be read."""
    try:
        if entry["alg"] not in SUITES or not 1 <= len(entry["keyId"]) <= 64:
            return False
        for name in ("notBefore", "notAfter"):
            if entry.get(name):
                from_wire(entry[name])
        return len(base64.b64decode(entry["publicKey"], validate=True)) == 32
    except (KeyError, TypeError, ValueError):
        return False
