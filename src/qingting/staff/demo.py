"""The people of the demonstration. They sign in like everybody: with a password and a second factor of their own."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.staff import credentials, rules
from qingting.staff.models import Account, Post


@dataclass(frozen=True, slots=True)
class Person:
    """posts: pairs of a role and the name of the organisation where it is held."""

    username: str
    display_name: str
    posts: tuple[tuple[str, str], ...]
    skills: tuple[str, ...] = ()


_STATION, _ELSEWHERE = "广东12355青少年服务台", "广西12355青少年服务台"
_PROVINCE, _NATION = "共青团广东省委员会", "共青团中央维护青少年权益部"
_CITY, _COUNTY = "共青团广州市委员会", "共青团广州市天河区委员会"

PEOPLE = (
    Person("counsellor", "林晓岚", (("COUNSELLOR", _STATION),), ("PSYCHOLOGY", "CANTONESE")),
    Person("counsellor2", "陈思远", (("COUNSELLOR", _STATION),), ("PSYCHOLOGY", "ENGLISH")),
    Person("lawyer", "黄正安", (("LAWYER", _STATION),), ("LAW",)),
    Person("leader", "周宁", (("SHIFT_LEADER", _STATION), ("REVIEWER", _PROVINCE)), ("PSYCHOLOGY", "GENERAL")),
    Person("cadre", "黄晓岚", (("DUTY_CADRE", _STATION),), ("GENERAL",)),
    Person("handler", "何嘉敏", (("ORDER_HANDLER", _COUNTY),)),
    Person("reviewer", "梁志恒", (("REVIEWER", _CITY),)),
    Person("followup", "吴清和", (("FOLLOW_UP_AGENT", _STATION),)),
    Person("analyst", "邓文博", (("ANALYST", _PROVINCE), ("INSPECTOR", _PROVINCE))),
    Person("administrator", "谢雨桐", (("ORGANISATION_ADMINISTRATOR", _PROVINCE),)),
    Person("auditor", "罗明哲", (("AUDITOR", _PROVINCE),)),
    Person("system", "郑凯", (("SYSTEM_ADMINISTRATOR", _PROVINCE),)),
    Person("guangxi", "韦青", (("COUNSELLOR", _ELSEWHERE),), ("PSYCHOLOGY",)),
    Person("partner", "苏文", (("PARTNER_OPERATOR", "广东12348公共法律服务热线"),)),
    Person("nation", "沈若琳", (("ANALYST", _NATION), ("NATIONAL_DESK", _NATION))),
    Person("guangxi-leader", "覃岚", (("SHIFT_LEADER", _ELSEWHERE),), ("PSYCHOLOGY",)),
    Person("guangxi-system", "莫志远", (("SYSTEM_ADMINISTRATOR", "共青团广西壮族自治区委员会"),)),
    Person("centre", "江予安", (("REGIONAL_ADVISER", "全国12355武汉区域中心"),)),
)


def accounts_file() -> Path:
    """Where this installation keeps the demonstration's password; readable by the platform's account only."""
    return Path(settings.VAR) / "demo-accounts.json"


def demo_password() -> str:
    """The one password of all demo accounts of this installation, made on first use."""
    path = accounts_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"password": credentials.temporary_password()}, file)
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return str(content["password"])


def load(*, at: datetime) -> None:
    """Add the people who are missing, and make sure that all of them can sign in with the demo password."""
    if settings.MODE != "demo":
        raise RuntimeError("demo accounts exist in demonstration mode only")
    password = demo_password()
    with acting(EVERYTHING), transaction.atomic():
        organisations = {row.name: row for row in Organisation.objects.all()}
        for person in PEOPLE:
            account = _put_account(person, password, at)
            for role, name in person.posts:
                _put_post(account, organisations[name], role, person, at)


def _put_account(person: Person, password: str, at: datetime) -> Account:
    account = Account.objects.filter(username=person.username).first() or Account(username=person.username)
    account.display_name, account.is_demo, account.is_active = person.display_name, True, True
    account.failed_attempts, account.locked_until, account.must_change_password = 0, None, False
    if not account.totp_secret:
        account.totp_secret = credentials.seal_totp_secret(credentials.new_totp_secret())
        account.totp_last_step = 0
    account.totp_confirmed_at = account.totp_confirmed_at or at
    if not account.password or not check_password(password, account.password):
        account.password, account.password_changed_at = make_password(password), at
    account.save()
    return account


def _put_post(account: Account, organisation: Organisation, role: str, person: Person, at: datetime) -> None:
    if not Post.objects.filter(account=account, organisation=organisation, role=role, valid_to=None).exists():
        Post.objects.create(
            account=account,
            organisation=organisation,
            role=role,
            skills=list(person.skills),
            valid_from=at,
        )


def current_code(account: Account, *, at: datetime) -> str:
    """The code that a demo account's authenticator would show; '' for real accounts and outside the demonstration.

    Where this half minute's code was used already it is the next one, which is accepted early.
    """
    if settings.MODE != "demo" or not account.is_demo or not account.totp_secret:
        return ""
    this = int(at.timestamp()) // rules.STEP_SECONDS
    return rules.code_of_step(credentials.totp_secret(account), max(this, account.totp_last_step + 1))
