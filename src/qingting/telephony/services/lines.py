"""The numbers that people dial."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.telephony.models import Line
from qingting.telephony.services.waking import wake_controller


@dataclass(frozen=True, slots=True)
class LineDetails:
    """A line as an operator describes it."""

    number: str
    language: str = "zh"
    skill: str = "PSYCHOLOGY"
    greets: bool = True
    asks_skill: bool = True
    opens: time | None = None
    closes: time | None = None


@transaction.atomic
def put_line(*, station: Organisation, details: LineDetails, at: datetime) -> Line:
    """Open a line at a station, or change it."""
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
                "opens": details.opens,
                "closes": details.closes,
            },
        )
    wake_controller("lines")
    return line
