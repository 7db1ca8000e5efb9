"""The demonstration is complete, the same when loaded again, and absent from production."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command

from qingting.core.scope import EVERYTHING, acting
from qingting.directory import demo as organisations
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.staff import credentials, demo
from qingting.staff.models import Account, Post

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def loaded(at, tmp_path, settings):
    settings.VAR = tmp_path
    settings.DEMO_DATA = ["qingting.directory.demo.load", "qingting.staff.demo.load"]
    with acting(EVERYTHING):
        call_command("demo-data", "--once")
        yield


def test_guangdong_stands_whole_and_every_province_has_its_committee(loaded):
    kinds = Organisation.objects.filter(province="440000")
    assert kinds.filter(kind=OrganisationKind.CITY).count() == 21
    assert kinds.filter(kind=OrganisationKind.COUNTY).count() > 100
    assert Organisation.objects.filter(kind=OrganisationKind.PROVINCE).count() == 32
    assert Organisation.objects.filter(kind=OrganisationKind.REGIONAL_CENTRE).count() == 6


def test_all_can_sign_in_with_the_installation_s_password(loaded):
    path = demo.accounts_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    password = json.loads(path.read_text())["password"]
    accounts = Account.objects.filter(is_demo=True)
    assert accounts.count() == len(demo.PEOPLE)
    assert all(account.check_password(password) and credentials.totp_secret(account) for account in accounts)


def test_loading_again_adds_nothing(loaded, at):
    before = (Organisation.objects.count(), Account.objects.count(), Post.objects.count())
    organisations.load(at=at)
    demo.load(at=at)
    assert (Organisation.objects.count(), Account.objects.count(), Post.objects.count()) == before


def test_once_means_once(loaded, settings):
    settings.DEMO_DATA = ["nowhere.to.be.found"]
    call_command("demo-data", "--once")


def test_the_accounts_can_be_printed(loaded, capsys):
    call_command("demo-accounts")
    printed = capsys.readouterr().out
    assert "counsellor" in printed
    assert "广东12355" in printed


@pytest.mark.parametrize("command", ["demo-data", "demo-accounts"])
def test_production_has_no_demonstration(db, settings, command):
    settings.MODE = "production"
    with pytest.raises(CommandError):
        call_command(command)


def test_the_first_administrator_of_an_installation(at, capsys, db):
    with acting(EVERYTHING):
        call_command("load-reference-data", verbosity=0)
        call_command("create-administrator", "root.admin", "张三", "--province", "430000")
        account = Account.objects.get(username="root.admin")
        password = capsys.readouterr().out.split("临时密码：")[1].split("\n")[0]
        assert account.check_password(password)
        assert account.posts.get().organisation.name == "共青团湖南省委员会"
        with pytest.raises(CommandError):
            call_command("create-administrator", "root.admin", "张三")
