"""The demonstration's organisations: the league's provinces, all of Guangdong, and Guangxi beside it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import SYSTEM
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import reference, rules, services
from qingting.directory.models import Division, Organisation
from qingting.directory.services import NewOrganisation
from qingting.directory.states import DivisionLevel, OrganisationKind

# Neither the mainland's league nor its hotline works there.
_WITHOUT_COMMITTEE = ("710000", "810000", "820000")


def load(*, at: datetime) -> None:
    """Add what is missing of the demonstration's organisations; what is there already stays as it is."""
    data = reference.read_json("demo-organisations.json")
    with acting(EVERYTHING), transaction.atomic():
        services.load_reference_data(at=at)
        loader = _Loader(at)
        nation = loader.put(None, {"kind": "NATION", **data["nation"]})
        loader.put_provinces(nation, data["provinces_with_cities"])
        for entry in data["regional_centres"]:
            covers = entry.pop("covers")
            centre = loader.put(nation, {"kind": "REGIONAL_CENTRE", **entry})
            services.set_regional_cover(actor=SYSTEM, centre=centre, provinces=covers, at=at)
        for code, entries in data["below"].items():
            for entry in entries:
                loader.put(loader.committees[code], {"division_code": code, **entry})


class _Loader:
    """Adds organisations once. committees: the league's committee of a division, by the division's code."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._there = {(row.kind, row.name): row for row in Organisation.objects.all()}
        self.committees: dict[str, Organisation] = {}

    def put(self, parent: Organisation | None, entry: dict[str, Any]) -> Organisation:
        """The organisation of this kind and name, added below `parent` where it was missing."""
        found = self._there.get((entry["kind"], entry["name"]))
        if found is None:
            details = NewOrganisation(**{**entry, "kind": OrganisationKind(entry["kind"])})
            found = services.add_organisation(actor=SYSTEM, parent=parent, details=details, at=self._at)
        return found

    def put_provinces(self, nation: Organisation, with_cities: dict[str, dict[str, bool]]) -> None:
        """A committee for every province, and those below it where the demonstration looks closer."""
        provinces = Division.objects.filter(level=DivisionLevel.PROVINCE).exclude(code__in=_WITHOUT_COMMITTEE)
        for division in provinces:
            province = self._put_committee(nation, division, division.name)
            if division.code in with_cities:
                self._put_cities(province, division, counties=with_cities[division.code]["counties"])

    def _put_cities(self, province: Organisation, division: Division, *, counties: bool) -> None:
        for city in division.children.all():
            committee = self._put_committee(province, city, city.name)
            for county in city.children.all() if counties else ():
                self._put_committee(committee, county, city.name + county.name)

    def _put_committee(self, parent: Organisation, division: Division, full_name: str) -> Organisation:
        entry = {
            "kind": division.level,
            "name": f"共青团{full_name}委员会",
            "short_name": rules.committee_short_name(division.name),
            "division_code": division.code,
        }
        self.committees[division.code] = self.put(parent, entry)
        return self.committees[division.code]
