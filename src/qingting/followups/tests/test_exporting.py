"""Calls and the young people's own words as files: numbers by default, words only where a colleague agreed."""

import csv
import io

import pytest

from qingting.core.scope import acting
from qingting.exports import services as exports
from qingting.exports.services import NewExport
from qingting.followups import services
from qingting.followups.services import Outcome, Rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def take_out(leader_here, tree, at):
    """Ask, have it agreed to where words are in it, make, download; returns its lines."""

    second = tree.person("SHIFT_LEADER", tree.station, "郑副班长")

    def go(sheet, filters=None, *, with_words=False):
        new = NewExport(sheet, filters or {}, "CSV", "季度小结", with_words)
        with acting(leader_here.scope):
            export = exports.ask(actor=leader_here, new=new, at=at)
        if with_words:
            with acting(second.scope):
                exports.approve(actor=second, export_id=export.pk, at=at)
        exports.work_on_exports(at=at)
        with acting(leader_here.scope):
            body = exports.download(actor=leader_here, export_id=export.pk, at=at).body
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))

    return go


def test_follow_ups_as_they_stand_on_the_page(follow_up, caller, take_out, at):
    assert take_out("follow-ups")[1][0] == follow_up.case.number
    with acting(caller.scope):
        outcome = Outcome("PHONE", "YES", "=睡得好多了")
        services.record_follow_up(actor=caller, follow_up_id=follow_up.pk, outcome=outcome, at=at)
    (head, row) = take_out("follow-ups", {"state": "DONE"})
    assert row[head.index("是否有帮助")] == "有帮助"
    assert "睡得好多了" not in "".join(row)
    (head, row) = take_out("follow-ups", {"state": "DONE"}, with_words=True)
    assert row[head.index("本人怎么说")] == "'=睡得好多了"


def test_ratings_that_were_given(token, take_out, at):
    services.rate(token=token, rating=Rating(4, "YES", "谢谢"), at=at)
    (head, row) = take_out("ratings")
    assert (row[head.index("评分（5分满）")], row[head.index("是否有帮助")]) == ("4", "有帮助")
    assert "谢谢" not in row
