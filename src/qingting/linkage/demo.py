"""The demonstration's other desk: the reference 110 desk on this machine."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from qingting.directory.models import Organisation
from qingting.directory.selectors import partner
from qingting.directory.states import OrganisationKind, PartnerKind
from qingting.linkage.services import NewDesk, ensure_own_key, register_desk

PROVINCE = "440000"
DESK = "desk-110"


def load(*, at: datetime) -> None:
    """Make our keys, and register the desk whose keys appear in VAR/policedesk when it has started."""
    ensure_own_key(at=at)
    station = Organisation.objects.filter(kind=OrganisationKind.STATION, province=PROVINCE).order_by("pk")[0]
    police = partner(PartnerKind.POLICE_110, PROVINCE)
    register_desk(
        desk=NewDesk(
            code=DESK,
            station=station,
            partner=police,
            url=f"http://127.0.0.1:{settings.DESK_PORT}",
            phone=police.phone or "110",
            key_file=str(Path(settings.VAR) / "policedesk" / f"{DESK}.pub.json"),
        ),
        at=at,
    )
