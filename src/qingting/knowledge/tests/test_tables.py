"""A table of lines and places: read row by row, looked at, written as one, taken back as one."""

from datetime import timedelta

import pytest

from qingting.core.csv_files import as_csv, read_csv
from qingting.core.errors import DomainError, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.knowledge import forms, opening, selectors, services, sheet, telling
from qingting.knowledge.models import Resource, ResourceImport

KNOWN = sheet.Known(
    kinds={"医院": "HOSPITAL", "社工机构": "AGENCY"},
    categories={"心理健康": "PSYCHOLOGY", "情绪困扰（抑郁、焦虑等）": "PSYCHOLOGY_EMOTION"},
    divisions={"440100": "广州市", "440106": "天河区"},
)
HEADS = list(sheet.COLUMNS)
GOOD = [
    "",
    "医院",
    "天河心理门诊",
    "020-5550",
    "示例路1号",
    "天河区",
    "周一至周五 08:00–17:30；周六 08:00–12:00",
    "心理健康",
    "先挂号",
]


def row(**cells) -> list[str]:
    return [cells.get(name, value) for name, value in zip(HEADS, GOOD, strict=True)]


def wrong_with(**cells) -> str:
    return "；".join(sheet.lines_of([HEADS, row(**cells)], KNOWN)[0]["wrong"])


def test_a_row_says_what_is_kept_and_what_is_kept_makes_the_same_row():
    fields = sheet.lines_of([HEADS, row(相关问题="情绪困扰（抑郁、焦虑等）、心理健康")], KNOWN)[0]["fields"]
    assert fields["division"] == "440106"
    assert fields["categories"] == ["PSYCHOLOGY_EMOTION", "PSYCHOLOGY"]
    assert fields["hours"][1] == {"days": [6], "from": "08:00", "to": "12:00"}
    again = sheet.lines_of([HEADS, sheet.cells_of(7, fields, KNOWN)], KNOWN)[0]
    assert (again["fields"], again["wrong"], sheet.id_of(again["number"])) == (fields, [], 7)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"类别": "饭店"}, "没有“饭店”这个类别"),
        ({"名称": ""}, "名称要写"),
        ({"电话": "", "地址": ""}, "电话和地址至少写一项"),
        ({"地区": "450000"}, "不在本单位的地方里"),
        ({"开放时间": "有空就开"}, "看不懂开放时间"),
        ({"开放时间": "周一 25:00–26:00"}, "钟点不对"),
        ({"相关问题": "外星人"}, "没有“外星人”"),
        ({"说明": "字" * 301}, "说明最多300个字"),
    ],
)
def test_what_is_wrong_stands_in_its_row(cells, reason):
    assert reason in wrong_with(**cells)


def test_the_same_twice_in_one_table_and_a_missing_column_are_said():
    lines = sheet.lines_of([HEADS, row(), row()], KNOWN)
    assert "和第2行重复" in lines[1]["wrong"][0]
    with pytest.raises(sheet.NoSuchTable, match="开放时间"):
        sheet.lines_of([[name for name in HEADS if name != "开放时间"]], KNOWN)


@pytest.mark.parametrize(
    ("words", "again"),
    [
        ("全天", "全天"),
        ("24小时", "全天"),
        ("工作日 9:00-17:00", "周一至周五 09:00–17:00"),
        ("星期一到星期五 09:00至17:00", "周一至周五 09:00–17:00"),
        ("周六、周日 10:00–18:00", "周六、周日 10:00–18:00"),
        ("周末 10:00—18:00;周三 20:00–次日02:00", "周六、周日 10:00–18:00；周三 20:00–次日02:00"),
        ("09:00~21:00", "每天 09:00–21:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(words, again):
    assert opening.in_words(opening.from_words(words)) == again


def test_a_number_is_said_so_that_one_can_write_it_down():
    assert telling.number_aloud("020-55501102") == "零二零，五五五零，幺幺零二"
    assert telling.number_aloud("13812345678") == "幺三八，幺二三四，五六七八"
    assert telling.number_aloud("12355转2") == "幺二三五五转二"


@pytest.fixture
def table(agent_here, leader_here, known_categories, at):
    """`table(rows)`: brought in by somebody of the station; the preview of it; `write()`, `undo()`, `confirm()`."""

    class Table:
        def __call__(self, *rows, actor=agent_here):
            with acting(actor.scope):
                self.known = forms.known_for_sheet(actor)
                lines = sheet.lines_of([HEADS, *rows], self.known)
                self.kept = services.bring_table(actor=actor, lines=lines, file_name="表.csv", at=at)
            return self

        def preview(self, actor=agent_here):
            with acting(actor.scope):
                return services.preview(actor, self.kept, self.known)

        def write(self, actor=agent_here, seen="", at=at):
            with acting(actor.scope):
                seen = seen or self.preview(actor).seen
                return services.write_table(actor=actor, import_id=self.kept.pk, known=self.known, seen=seen, at=at)

        def undo(self, actor=agent_here, at=at + timedelta(hours=1)):
            with acting(actor.scope):
                return services.undo_table(actor=actor, import_id=self.kept.pk, at=at)

        def confirm(self, *names):
            with acting(leader_here.scope):
                ids = [each.pk for each in Resource.objects.filter(name__in=names)]
                services.confirm_resources(actor=leader_here, resource_ids=ids, at=at)

    return Table()


def kept() -> dict[str, Resource]:
    with acting(EVERYTHING):
        return {each.name: each for each in Resource.objects.filter(retired_at=None)}


def states(preview) -> list[str]:
    return [each.state for each in preview.lines]


@pytest.mark.django_db
@pytest.mark.slow
def test_nothing_is_written_before_somebody_says_so_and_wrong_rows_never(table):
    brought = table(row(), row(名称="别处的", 地区="999999"))
    assert states(brought.preview()) == ["NEW", "WRONG"]
    assert kept() == {}
    assert brought.write() == 1
    assert set(kept()) == {"天河心理门诊"}
    assert kept()["天河心理门诊"].confirmed_at is None
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="knowledge.resources-imported").count() == 1
    with pytest.raises(DomainError):
        brought.write()


@pytest.mark.django_db
@pytest.mark.slow
def test_the_next_table_knows_what_is_new_changed_and_the_same(table, agent_here):
    table(row(), row(名称="第二家")).write()
    numbers = {name: sheet.number_of(each.pk) for name, each in kept().items()}
    found = table(
        row(), row(编号=numbers["第二家"], 名称="第二家（新名）"), row(名称="第三家"), row(编号="R1", 名称="第五家")
    ).preview()
    assert states(found) == ["SAME", "CHANGED", "NEW", "WRONG"]
    assert found.lines[1].changes == (("名称", "第二家", "第二家（新名）"),)
    assert "没有这个编号" in found.lines[3].wrong[0]


@pytest.mark.django_db
@pytest.mark.slow
def test_what_is_exported_is_the_same_when_it_is_brought_in_again(table, agent_here):
    table(row(), row(名称="+第二家", 开放时间="", 地区="")).write()
    with acting(agent_here.scope):
        known = forms.known_for_sheet(agent_here)
        rows = [sheet.cells_of(each.pk, services.fields_of(each), known) for each in kept().values()]
        read = read_csv(as_csv(sheet.COLUMNS, rows), most_rows=9)
    assert states(table(*read[1:]).preview()) == ["SAME", "SAME"]


@pytest.mark.django_db
@pytest.mark.slow
def test_a_table_is_taken_back_whole_but_for_what_others_have_touched_since(table):
    table(row(), row(名称="第二家")).write()
    table.confirm("天河心理门诊", "第二家")
    before = kept()["天河心理门诊"]
    table(row(电话="020-9999"), row(名称="第三家"), row(名称="第四家")).write()
    assert kept()["天河心理门诊"].phone == "020-9999"
    table.confirm("第四家")
    assert table.undo() == (2, 1)
    after = kept()
    assert set(after) == {"天河心理门诊", "第二家", "第四家"}
    for name in ("phone", "confirmed_at", "confirmed_by_account_id", "expires_on", "entered_at"):
        assert getattr(after["天河心理门诊"], name) == getattr(before, name), name
    with pytest.raises(DomainError):
        table.undo()


@pytest.mark.django_db
@pytest.mark.slow
def test_a_preview_that_is_no_longer_true_is_not_written(table):
    first = table(row())
    seen, brought = first.preview().seen, first.kept
    table(row()).write()
    table.kept = brought
    with pytest.raises(DomainError) as refused:
        table.write(seen=seen)
    assert refused.value.code == "knowledge.import.changed"
    assert len(kept()) == 1


@pytest.mark.django_db
@pytest.mark.slow
def test_nobody_elsewhere_sees_writes_or_takes_back_a_table_of_ours(table, agent_elsewhere):
    table(row()).write()
    with acting(agent_elsewhere.scope):
        with pytest.raises(NotFound):
            selectors.import_for(agent_elsewhere, table.kept.pk)
        assert not ResourceImport.objects.exists()
    with pytest.raises(DomainError):
        table.undo(actor=agent_elsewhere)


@pytest.mark.django_db
@pytest.mark.slow
def test_several_are_confirmed_at_once_by_somebody_else_only(table, agent_here, leader_here):
    table(row(), row(名称="第二家")).write()
    ids = [each.pk for each in kept().values()]
    with acting(agent_here.scope), pytest.raises(NotAllowed):
        services.confirm_resources(actor=agent_here, resource_ids=ids, at=table.kept.brought_at)
    table.confirm("天河心理门诊", "第二家")
    assert all(each.confirmed_at for each in kept().values())
