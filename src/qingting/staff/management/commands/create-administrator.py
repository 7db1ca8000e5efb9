"""The first account of an installation: somebody who can add all others on the pages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from qingting.core import time
from qingting.core.actors import SYSTEM
from qingting.core.errors import DomainError
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Division, Organisation
from qingting.directory.rules import committee_short_name
from qingting.directory.services import NewOrganisation, add_organisation
from qingting.directory.states import OrganisationKind
from qingting.staff.services import NewAccount, NewPost, add_account


class Command(BaseCommand):
    help = "Create an administrator of a province or of the nation, with a temporary password that is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("display_name")
        parser.add_argument("--province", default="", help="GB/T 2260 code such as 440000; without it the nation")
        parser.add_argument(
            "--role",
            default="SYSTEM_ADMINISTRATOR",
            choices=["SYSTEM_ADMINISTRATOR", "ORGANISATION_ADMINISTRATOR"],
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            with acting(EVERYTHING), transaction.atomic():
                username, password = self._create(options)
        except DomainError as error:
            raise CommandError(f"{error.message}{error.do_next}") from error
        self.stdout.write(f"用户名：{username}\n临时密码：{password}\n首次登录时需修改密码并绑定验证器。")

    def _create(self, options: dict[str, Any]) -> tuple[str, str]:
        at = time.now()
        nation = Organisation.objects.filter(kind=OrganisationKind.NATION).first()
        if nation is None:
            details = NewOrganisation(kind=OrganisationKind.NATION, name="共青团中央维护青少年权益部")
            nation = add_organisation(actor=SYSTEM, parent=None, details=details, at=at)
        where = self._province(nation, options["province"]) if options["province"] else nation
        post = NewPost(organisation_id=where.id, role=options["role"], valid_from=at)
        new = NewAccount(username=options["username"], display_name=options["display_name"], post=post)
        account, password = add_account(actor=SYSTEM, details=new, at=at)
        return account.username, password

    def _province(self, nation: Organisation, code: str) -> Organisation:
        found = Organisation.objects.filter(kind=OrganisationKind.PROVINCE, division_id=code).first()
        if found is not None:
            return found
        division = Division.objects.filter(code=code, parent=None).first()
        if division is None:
            raise CommandError(f"没有省级行政区划代码 {code}。")
        details = NewOrganisation(
            kind=OrganisationKind.PROVINCE,
            name=f"共青团{division.name}委员会",
            short_name=committee_short_name(division.name),
            division_code=code,
        )
        return add_organisation(actor=SYSTEM, parent=nation, details=details, at=time.now())
