"""The demonstration's line: 12355, answered by Guangdong's station."""

from datetime import datetime

from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.telephony.models import Line
from qingting.telephony.services import LineDetails, put_line


def load(*, at: datetime) -> None:
    """Open the line, unless somebody has opened it."""
    with acting(EVERYTHING):
        stations = Organisation.objects.filter(kind=OrganisationKind.STATION, active=True)
        station = stations.filter(province="440000").order_by("id").first() or stations.order_by("id").first()
        if station is not None and not Line.objects.filter(number="12355").exists():
            put_line(station=station, details=LineDetails(number="12355"), at=at)
