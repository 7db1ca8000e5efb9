"""The demonstration's places: brought in as a table by one of its people and confirmed by another, as at any station. All invented."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from qingting.core.csv_files import read_csv
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.knowledge import forms, services, sheet
from qingting.knowledge.models import Resource, ResourceImport
from qingting.knowledge.prior import DATA
from qingting.staff.actors import actor_for
from qingting.staff.models import Account

# Station, who enters its places, who confirms them.
_STATIONS = {
    "440000": ("广东12355青少年服务台", "counsellor", "leader"),
    "450000": ("广西12355青少年服务台", "guangxi", "guangxi-leader"),
}


def load(*, at: datetime) -> None:
    """Bring in the places of each station that has none yet."""
    with acting(EVERYTHING), transaction.atomic():
        for province, (station, writer, reviewer) in _STATIONS.items():
            house = Organisation.objects.get(name=station)
            if not Resource.objects.filter(organisation_id=house.pk).exists():
                _bring(house, DATA / "demo" / f"{province}.csv", (writer, reviewer), at)


def _bring(house: Organisation, path: Path, people: tuple[str, str], at: datetime) -> None:
    writer, reviewer = (actor_for(Account.objects.get(username=name).pk, house, at=at) for name in people)
    known = forms.known_for_sheet(writer)
    lines = sheet.lines_of(read_csv(path.read_bytes(), most_rows=200), known)
    table = services.bring_table(actor=writer, lines=lines, file_name="热线和机构（示例）.csv", at=at)
    seen = services.preview(writer, table, known).seen
    services.write_table(actor=writer, import_id=table.pk, known=known, seen=seen, at=at)
    written = ResourceImport.objects.get(pk=table.pk).written
    services.confirm_resources(actor=reviewer, resource_ids=[each["resource_id"] for each in written], at=at)
