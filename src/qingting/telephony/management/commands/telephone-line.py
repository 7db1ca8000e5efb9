"""The numbers that people dial: shown, opened, changed and closed."""

from datetime import time as daytime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from qingting.core import time
from qingting.core.errors import DomainError
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.duty.states import Skill
from qingting.telephony.models import Line
from qingting.telephony.rules import LANGUAGE_KEYS
from qingting.telephony.services import LineDetails, close_line, put_line
from qingting.telephony.states import Language


class Command(BaseCommand):
    help = "Without a number: show all lines. With one: open or change that line, or close it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", default="", help="as the carrier sends it, such as 12355")
        parser.add_argument(
            "--station", default="", help="short name of the station that answers; needed to open a line"
        )
        parser.add_argument("--language", default="zh", choices=Language.values, help="in which callers are greeted")
        parser.add_argument("--also", default="", help="further languages that a key chooses, such as en,zh")
        parser.add_argument("--skill", default="PSYCHOLOGY", choices=Skill.values)
        parser.add_argument("--no-law-key", action="store_true", help="do not offer the key for law")
        parser.add_argument("--opens", type=daytime.fromisoformat, help="09:00; without times day and night")
        parser.add_argument("--closes", type=daytime.fromisoformat)
        parser.add_argument("--close", action="store_true", help="nobody dials this line any more")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            with acting(EVERYTHING), transaction.atomic():
                if options["number"]:
                    self._change(options)
                self._show()
        except DomainError as error:
            raise CommandError(f"{error.message}{error.do_next}") from error

    def _change(self, options: dict[str, Any]) -> None:
        if options["close"]:
            close_line(number=options["number"], at=time.now())
            return
        details = LineDetails(
            number=options["number"],
            language=options["language"],
            skill=options["skill"],
            asks_skill=not options["no_law_key"],
            languages=tuple(code for code in options["also"].split(",") if code),
            opens=options["opens"],
            closes=options["closes"],
        )
        put_line(station=self._station(options), details=details, at=time.now())

    def _station(self, options: dict[str, Any]) -> Organisation:
        stations = Organisation.objects.filter(kind=OrganisationKind.STATION, active=True)
        line = Line.objects.filter(number=options["number"]).first()
        found = (
            stations.filter(pk=line.organisation_id)
            if line and not options["station"]
            else stations.filter(short_name=options["station"])
        )
        station = found.first()
        if station is None:
            names = "、".join(stations.order_by("short_name").values_list("short_name", flat=True)[:20])
            raise CommandError(f"没有这个服务台。请用 --station 写明，例如：{names}")
        return station

    def _show(self) -> None:
        names = dict(Organisation.objects.values_list("id", "short_name"))
        for line in Line.objects.filter(active=True).order_by("id"):
            keys = ["法律按2"] if line.asks_skill else []
            keys += [
                f"{Language(code).label}按{digit}" for digit, code in LANGUAGE_KEYS.items() if code in line.languages
            ]
            hours = f"{line.opens:%H:%M}—{line.closes:%H:%M}" if line.opens and line.closes else "全天"
            said = [
                line.number,
                names.get(line.organisation_id, ""),
                line.get_language_display(),
                line.get_skill_display(),
                hours,
                *keys,
            ]
            self.stdout.write(" · ".join(said))
