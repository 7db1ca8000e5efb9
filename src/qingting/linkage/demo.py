"""The demonstration's other desks: the reference 110 desk on this machine, and partners without a system."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from qingting.directory.models import Organisation
from qingting.directory.selectors import partner
from qingting.directory.states import OrganisationKind, PartnerKind
from qingting.linkage.services import NewDesk, ensure_own_key, register_desk
from qingting.linkage.states import Manner

PROVINCE = "440000"
DESK = "desk-110"
_BY_LETTER = {PartnerKind.COURT, PartnerKind.CIVIL_AFFAIRS}
_SAME_ENDING = {PartnerKind.POLITICAL_LEGAL, PartnerKind.DRUG_CONTROL, PartnerKind.CIVIL_AFFAIRS}


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
    _partners_without_a_system(station, at)


def _partners_without_a_system(station: Organisation, at: datetime) -> None:
    """Everybody else of the province: most on our page, two by letter, so that all three manners can be seen."""
    partners = Organisation.objects.filter(kind=OrganisationKind.PARTNER, province=PROVINCE, active=True)
    for partner_ in partners.exclude(partner_kind=PartnerKind.POLICE_110).order_by("pk"):
        code = "desk-" + partner_.partner_kind.rpartition("_")[2].lower()
        if partner_.partner_kind in _SAME_ENDING:
            code = "desk-" + partner_.partner_kind.lower().replace("_", "-")
        manner = Manner.LETTER if partner_.partner_kind in _BY_LETTER else Manner.PAGE
        new = NewDesk(code=code, station=station, partner=partner_, phone=partner_.phone or "12355", manner=manner)
        register_desk(desk=new, at=at)
