"""Lines and places as a table: the columns, a row as a resource, a resource as a row, and what an upload would change. Pure.

A resource here is its *fields*: `{"kind", "name", "phone", "address", "division", "about", "hours", "categories"}`, as `knowledge.models`
keeps them. A *line* is one row of a table: `{"line": its number in the file, "number", "fields", "written": what stood in
each column, "wrong": [reasons]}`.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qingting.knowledge import opening

COLUMNS = ("编号", "类别", "名称", "电话", "地址", "地区", "开放时间", "相关问题", "说明")
NEEDED = COLUMNS[1:]  # a column left out must not wipe what is kept
FIELDS = ("kind", "name", "phone", "address", "division", "hours", "categories", "about")
LABELS = dict(zip(FIELDS, COLUMNS[1:], strict=True))
LONGEST = {"name": 80, "phone": 60, "address": 200, "about": 300}
EXAMPLE = (
    "", "医院", "某某市青少年心理门诊", "020-12345678", "某某路1号2楼", "440100 广州市", "周一至周五 08:00–17:30；周六 08:00–12:00",
    "心理健康、家庭与亲子", "先在网上挂号；带身份证或户口本",
)  # fmt: skip

_BETWEEN = re.compile("[、,，;；/ ]+(?![^（(]*[）)])")  # not within brackets, where names of categories hold such signs

Fields = dict[str, Any]
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What names stand for. kinds and categories: label → code; divisions: code → name, those for which the station may keep resources."""

    kinds: Mapping[str, str]
    categories: Mapping[str, str]
    divisions: Mapping[str, str]


class NoSuchTable(ValueError):
    """The table has not the columns; the text says which are missing."""


def number_of(resource_id: int) -> str:
    """What stands in 编号: a text, so that no spreadsheet rounds it."""
    return f"R{resource_id}"


def id_of(number: str) -> int:
    """The resource's id; 0 for what is no number of ours."""
    return int(number[1:]) if re.fullmatch(r"[Rr]\d{1,19}", number) else 0


def cells_of(resource_id: int, fields: Fields, known: Known) -> list[str]:
    """One row of the exported table."""
    return [number_of(resource_id), *(shown(name, fields[name], known) for name in FIELDS)]


def shown(name: str, value: Any, known: Known) -> str:
    """One field as a person reads it in the table."""
    if name == "hours":
        return opening.in_words(value)
    if name == "categories":
        return "、".join(_label(known.categories, code) for code in value)
    if name == "division":
        return f"{value} {known.divisions.get(value, '')}".strip()
    return _label(known.kinds, value) if name == "kind" else str(value)


def _label(named: Mapping[str, str], code: str) -> str:
    return next((label for label, each in named.items() if each == code), code)


def lines_of(rows: Sequence[Sequence[str]], known: Known) -> list[Line]:
    """The lines of an uploaded table. Raises NoSuchTable where a needed column is missing."""
    heads = [cell.strip() for cell in rows[0]] if rows else []
    missing = [name for name in NEEDED if name not in heads]
    if missing:
        raise NoSuchTable(f"第一行缺少这几列：{'、'.join(missing)}")
    lines = [
        _line(at, dict(zip(heads, row, strict=False)), known) for at, row in enumerate(rows[1:], start=2) if any(row)
    ]
    _mark_doubles(lines)
    return lines


def _line(at: int, cells: Mapping[str, str], known: Known) -> Line:
    reading = _Reading(known)
    fields = {name: reading.read(name, cells.get(LABELS[name], "").strip()) for name in FIELDS}
    reading.check(fields)
    written = {label: cells.get(label, "").strip()[:120] for label in NEEDED}
    number = cells.get("编号", "").strip()[:24]
    return {"line": at, "number": number, "fields": fields, "written": written, "wrong": reading.wrong}


def _mark_doubles(lines: Sequence[Line]) -> None:
    """The same number, or the same name at the same place, twice in one table: the later one is wrong."""
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        fields = line["fields"]
        for key in ((line["number"],), (fields["name"], fields["division"])):
            if not key[0]:
                continue
            if key in seen and seen[key] != line["line"]:
                line["wrong"].append(f"和第{seen[key]}行重复")
                break
            seen[key] = line["line"]


@dataclass
class _Reading:
    """Reads the cells of one row and gathers what is wrong with them."""

    known: Known
    wrong: list[str] = field(default_factory=list)

    def read(self, name: str, cell: str) -> Any:
        special = {"kind": self._kind, "division": self._division, "hours": self._hours, "categories": self._categories}
        if name in special:
            return special[name](cell)
        if len(cell) > LONGEST[name]:
            self.wrong.append(f"{LABELS[name]}最多{LONGEST[name]}个字")
        return cell[: LONGEST[name]]

    def check(self, fields: Fields) -> None:
        if len(fields["name"]) < 2:
            self.wrong.append("名称要写2到80个字")
        if not (fields["phone"] or fields["address"]):
            self.wrong.append("电话和地址至少写一项")

    def _kind(self, cell: str) -> str:
        code = self.known.kinds.get(cell) or (cell if cell in self.known.kinds.values() else "")
        if not code:
            self.wrong.append(f"没有“{cell[:20]}”这个类别，可以写：{'、'.join(self.known.kinds)}")
        return code

    def _division(self, cell: str) -> str:
        if not cell or cell == "不限地方":
            return ""
        found = re.match(r"\d{6}", cell)
        by_name = [code for code, name in self.known.divisions.items() if name == cell]
        code = found[0] if found else by_name[0] if len(by_name) == 1 else ""
        if code not in self.known.divisions:
            why = "有几个地方同名，请写6位代码" if len(by_name) > 1 else "不在本单位的地方里，请写6位代码"
            self.wrong.append(f"地区“{cell[:20]}”{why}")
            return ""
        return code

    def _hours(self, cell: str) -> list[dict[str, Any]]:
        try:
            return opening.from_words(cell)
        except ValueError as error:
            self.wrong.append(str(error))
            return []

    def _categories(self, cell: str) -> list[str]:
        names = [name for name in _BETWEEN.split(cell) if name]
        codes = [self.known.categories.get(name, name) for name in names]
        unknown = [name for name, code in zip(names, codes, strict=True) if code not in self.known.categories.values()]
        if unknown:
            self.wrong.append(f"没有“{'、'.join(unknown)[:40]}”这个问题分类")
        return [code for code in dict.fromkeys(codes) if code in self.known.categories.values()]


@dataclass(frozen=True, slots=True)
class Judged:
    """A line beside what is kept. state: NEW, CHANGED, SAME or WRONG; target: the resource's id, 0 for a new one; changes: (label, before, after)."""

    line: Line
    state: str
    target: int = 0
    changes: tuple[tuple[str, str, str], ...] = ()
    wrong: tuple[str, ...] = ()


def judged(lines: Sequence[Line], kept: Mapping[int, Fields], known: Known) -> list[Judged]:
    """What writing each line would do to what is kept now (resource id → fields)."""
    named: dict[tuple[str, str], list[int]] = {}
    for resource_id, fields in kept.items():
        named.setdefault((fields["name"], fields["division"]), []).append(resource_id)
    found = [_judge(line, kept, named, known) for line in lines]
    aimed = Counter(each.target for each in found if each.target)
    return [
        Judged(each.line, "WRONG", wrong=("文件里有两行改的是同一条资源",)) if aimed[each.target] > 1 else each
        for each in found
    ]


def _judge(
    line: Line, kept: Mapping[int, Fields], named: Mapping[tuple[str, str], Sequence[int]], known: Known
) -> Judged:
    wrong, number, fields = list(line["wrong"]), line["number"], line["fields"]
    alike = named.get((fields["name"], fields["division"]), ())
    target = id_of(number) if number else alike[0] if len(alike) == 1 else 0
    if number and target not in kept:
        wrong.append("没有这个编号的资源（可能已停用，或属于别的单位）；要新增，请把编号留空")
    if not number and len(alike) > 1:
        wrong.append("同一个地方有几条同名的资源，请导出后带着编号修改")
    if wrong:
        return Judged(line, "WRONG", wrong=tuple(wrong))
    if not target:
        return Judged(line, "NEW")
    before = kept[target]
    changes = tuple(
        (LABELS[name], shown(name, before[name], known), shown(name, fields[name], known))
        for name in FIELDS
        if before[name] != fields[name]
    )
    return Judged(line, "CHANGED" if changes else "SAME", target, changes)
