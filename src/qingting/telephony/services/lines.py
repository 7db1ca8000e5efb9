"""The numbers that people dial."""

import re
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from qingting.core.errors import Invalid, not_found
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.duty.states import Skill
from qingting.telephony.models import Line
from qingting.telephony.services.waking import wake_controller
from qingting.telephony.states import Language


@dataclass(frozen=True, slots=True)
class LineDetails:
    """A line as an operator describes it."""

    number: str
    language: str = "zh"
    skill: str = "PSYCHOLOGY"
    greets: bool = True
    asks_skill: bool = True
    languages: tuple[str, ...] = ()
    opens: time | None = None
    closes: time | None = None


@transaction.atomic
def close_line(*, number: str, at: datetime) -> None:
    """Who dials it from now on hears what the first of the other lines says. Raises NotFound."""
    with acting(EVERYTHING):
        if not Line.objects.filter(number=number, active=True).update(active=False):
            raise not_found("热线号码", "telephony.line.not-found")
    wake_controller("lines")


def _require_sense(details: LineDetails) -> None:
    codes = {details.language, *details.languages}
    if (
        not re.fullmatch(r"\+?\d{3,20}", details.number)
        or codes - set(Language.values)
        or details.skill not in Skill.values
    ):
        raise Invalid(
            "线路的号码、语言或技能组不对。",
            code="telephony.line.details",
            do_next="号码为3至20位数字；语言可选 zh、yue、en；技能组如 PSYCHOLOGY。",
        )


@transaction.atomic
def put_line(*, station: Organisation, details: LineDetails, at: datetime) -> Line:
    """Open a line at a station, or change it. Raises Invalid for what is no number, language or skill."""
    _require_sense(details)
    with acting(EVERYTHING):
        line, _ = Line.objects.update_or_create(
            number=details.number,
            defaults={
                "organisation_id": station.id,
                "province": station.province,
                "language": details.language,
                "skill": details.skill,
                "greets": details.greets,
                "asks_skill": details.asks_skill,
                "languages": [language for language in details.languages if language != details.language],
                "opens": details.opens,
                "closes": details.closes,
                "active": True,
            },
        )
    wake_controller("lines")
    return line
