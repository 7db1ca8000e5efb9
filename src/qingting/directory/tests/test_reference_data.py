"""What the data files hold is what the sources say, and loading them again changes nothing."""

from collections import Counter
from typing import Any

import pytest

from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import reference, selectors, services
from qingting.directory.models import CaseCategory, ClockRule, Division, LinkageItem
from qingting.directory.states import ClockKind, Direction


def items(direction: Direction) -> list[dict[str, Any]]:
    ((_, rows),) = reference.linkage_lists()
    return [row for row in rows if row["direction"] == direction]


def test_the_first_list_has_fourteen_and_nine_items():
    assert [row["number"] for row in items(Direction.TO_POLICE)] == list(range(1, 15))
    assert [row["number"] for row in items(Direction.FROM_POLICE)] == list(range(1, 10))


def test_classes_and_urgencies_are_those_of_the_notice():
    to_police = [(row["item_class"], row["urgency"]) for row in items(Direction.TO_POLICE)]
    assert Counter(to_police) == {
        ("CRISIS", "CRITICAL"): 3,
        ("MANDATORY_REPORT", "URGENT"): 9,
        ("OFFENCE", "URGENT"): 2,
    }
    from_police = [row["urgency"] for row in items(Direction.FROM_POLICE)]
    assert from_police == ["CRITICAL", "URGENT", *["ROUTINE"] * 7]


def test_mandatory_items_carry_the_statute_and_unclear_ones_our_reading():
    for row in items(Direction.TO_POLICE):
        assert bool(row["statute_text"]) == (4 <= row["number"] <= 12)
    unclear = {row["number"]: row["interpretation"] for row in items(Direction.TO_POLICE)}
    assert "违法犯罪类" in unclear[13]
    assert "违法犯罪类" in unclear[14]


def test_every_division_stands_below_one_that_exists():
    rows = {row["code"]: row for row in reference.divisions()}
    assert all(row["parent_id"] is None or row["parent_id"] in rows for row in rows.values())
    assert rows["440106"]["parent_id"] == "440100"
    assert Counter(row["level"] for row in rows.values())["PROVINCE"] == 35


def test_categories_have_two_levels():
    rows = {row["code"]: row for row in reference.categories()}
    seconds = [row for row in rows.values() if row["parent_id"]]
    assert all(rows[row["parent_id"]]["parent_id"] is None for row in seconds)
    assert len(rows) - len(seconds) >= 10


@pytest.fixture
def loaded(db, at):
    with acting(EVERYTHING):
        services.load_reference_data(at=at)
        yield


def test_loading_again_changes_nothing_and_tells_nothing(loaded, at):
    assert services.load_reference_data(at=at) == 0
    assert Entry.objects.filter(name="directory.reference-data-loaded").count() == 1


def test_a_row_that_drifted_is_brought_back(loaded, at):
    Division.objects.filter(code="440106").update(name="旧名")
    assert services.load_reference_data(at=at) == 1
    assert Division.objects.get(code="440106").name == "天河区"


def test_everything_is_there(loaded):
    assert Division.objects.filter(parent_id="440000").count() == 21
    assert CaseCategory.objects.filter(parent=None).exists()
    assert LinkageItem.objects.count() == 23
    assert set(ClockRule.objects.values_list("kind", flat=True)) == set(ClockKind)


def test_the_list_in_force_is_found_from_its_first_day(loaded, at):
    numbers = [item.number for item in selectors.linkage_items("440000", Direction.TO_POLICE, on=at)]
    assert numbers == list(range(1, 15))
