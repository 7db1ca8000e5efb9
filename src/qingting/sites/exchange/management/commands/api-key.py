"""Keys for systems of the house: `api-key issue`, `api-key list`, `api-key revoke`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from qingting.core import time
from qingting.core.errors import DomainError
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.models import Organisation
from qingting.sites.exchange.models import ApiKey
from qingting.sites.exchange.services import issue_key, revoke_key
from qingting.staff.actors import valid_posts
from qingting.staff.models import Account


class Command(BaseCommand):
    help = "Issue, list and revoke the keys that systems of the house call the intake API with."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        issue = acts.add_parser("issue", help="issue a key; it is shown once")
        issue.add_argument("username", help="the account whose posts decide what the key may do")
        issue.add_argument("label", help="which system will use it")
        issue.add_argument("--organisation", default="", help="name of the organisation, where the account has several")
        acts.add_parser("list", help="list all keys, without the keys themselves")
        acts.add_parser("revoke", help="end a key").add_argument("id", type=int)

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            with acting(EVERYTHING), transaction.atomic():
                getattr(self, f"_{options['act']}")(options)
        except DomainError as error:
            raise CommandError(f"{error.message}{error.do_next}") from error

    def _issue(self, options: dict[str, Any]) -> None:
        account = Account.objects.filter(username=options["username"], is_active=True).first()
        if account is None:
            raise CommandError("没有这个账号，或账号已停用。")
        held = {post.organisation for post in valid_posts(account.pk, at=time.now())}
        fitting = [row for row in held if options["organisation"] in row.name]
        if len(fitting) != 1:
            names = "、".join(sorted(row.name for row in held)) or "无"
            raise CommandError(f"请用 --organisation 指定一个单位。该账号的任职单位：{names}")
        key = issue_key(account_id=account.pk, organisation=fitting[0], label=options["label"], at=time.now())
        self.stdout.write(key)

    def _list(self, _options: dict[str, Any]) -> None:
        organisations = dict(Organisation.objects.values_list("pk", "short_name"))
        accounts = dict(Account.objects.values_list("pk", "username"))
        for row in ApiKey.objects.order_by("issued_at"):
            ended = f"已停用 {local(row.revoked_at):%Y-%m-%d %H:%M}" if row.revoked_at else "有效"
            words = (row.pk, row.label, accounts.get(row.account_id, ""), organisations.get(row.organisation_id, ""))
            self.stdout.write("  ".join([*map(str, words), f"{local(row.issued_at):%Y-%m-%d}", ended]))

    def _revoke(self, options: dict[str, Any]) -> None:
        revoke_key(key_id=options["id"], at=time.now())
        self.stdout.write("已停用。")
