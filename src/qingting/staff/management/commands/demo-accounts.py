"""The demonstration's accounts as a table: role, username, password, where, and the secret of the second factor."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.staff import credentials, demo
from qingting.staff.models import Account
from qingting.staff.roles import ROLES

HEAD = ["岗位", "用户名", "密码", "单位", "验证器密钥", "当前验证码"]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


class Command(BaseCommand):
    help = "Print the demonstration's accounts."

    def handle(self, *_: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError("只有演示模式才有演示账号。")
        with acting(EVERYTHING):
            rows = self._rows()
        if not rows:
            raise CommandError("还没有演示账号，请先运行 demo-data。")
        table = [HEAD, *rows]
        widths = [max(_width(row[column]) for row in table) for column in range(len(HEAD))]
        for row in table:
            cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())

    def _rows(self) -> list[list[str]]:
        password, at = demo.demo_password(), time.now()
        accounts = Account.objects.filter(is_demo=True).prefetch_related("posts__organisation").order_by("id")
        return [
            [
                "、".join(ROLES[post.role].label for post in account.posts.all()),
                account.username,
                password,
                "、".join(dict.fromkeys(post.organisation.short_name for post in account.posts.all())),
                credentials.totp_secret(account),
                demo.current_code(account, at=at),
            ]
            for account in accounts
        ]
