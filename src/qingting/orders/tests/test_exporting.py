"""A list leaves the house: by whom, with whose word, as what, and when it is gone. Walked with the list of orders."""

import base64
import csv
import dataclasses
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.core import time
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.exports import selectors, services
from qingting.exports.models import Export, ExportFile
from qingting.exports.services import NewExport
from qingting.orders import services as services_of_orders
from qingting.orders.selectors import OrderQuery
from qingting.staff.models import Notice, Post

pytestmark = pytest.mark.django_db
PLAIN = NewExport("orders", {"box": "all"}, "CSV", "三季度会商材料")


@pytest.fixture
def leader(leader_here):
    return leader_here


@pytest.fixture
def second(tree):
    return tree.person("SHIFT_LEADER", tree.station, "郑副班长")


def asked(who, at, **more):
    with acting(who.scope):
        return services.ask(actor=who, new=NewExport(**{**_given(PLAIN), **more}), at=at)


def _given(new: NewExport) -> dict[str, object]:
    return {name: getattr(new, name) for name in NewExport.__dataclass_fields__}


def made(export, at):
    services.work_on_exports(at=at)
    with acting(EVERYTHING):
        export.refresh_from_db()
    return export


def table(who, export, at) -> list[list[str]]:
    with acting(who.scope):
        body = services.download(actor=who, export_id=export.pk, at=at).body
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


class TestMaking:
    def test_a_list_becomes_a_file_without_anybodys_words(self, order_in, leader, at):
        order = order_in("IN_PROGRESS")
        export = made(asked(leader, at), at)
        assert (export.state, export.total, export.done) == ("READY", 1, 1)
        head, row = table(leader, export, at)
        assert row[head.index("单号")] == order.number
        assert row[head.index("主办单位")] == "天河团区委"
        assert "要办的事" not in head
        assert order.instructions not in "".join(row)

    def test_every_list_of_orders_can_be_made(self, order_in, parties, leader, at):
        parties.do("supervise", order_in("IN_PROGRESS"))
        for key in ("orders", "supervised"):
            assert made(asked(leader, at, sheet=key, file_format="XLSX"), at).state == "READY", key

    def test_it_is_made_with_the_rights_of_the_moment(self, order_in, leader, at):
        order_in("IN_PROGRESS")
        export = asked(leader, at)
        with acting(EVERYTHING):
            Post.objects.filter(account_id=leader.account_id).update(valid_to=at - timedelta(hours=1))
        assert made(export, at).state == "FAILED"

    def test_somebody_elses_orders_are_not_in_it(self, order_in, tree, at):
        order_in("IN_PROGRESS")
        elsewhere = tree.person("SHIFT_LEADER", tree.elsewhere_station, "广西值班长")
        with pytest.raises(DomainError) as refused:
            asked(elsewhere, at)
        assert refused.value.code == "exports.empty"

    def test_a_worker_that_died_in_the_middle_is_replaced(self, order_in, leader, at):
        order_in("IN_PROGRESS")
        export = asked(leader, at)
        with acting(EVERYTHING):
            Export.objects.filter(pk=export.pk).update(state="RUNNING", touched_at=at, done=1)
        assert services.work_on_exports(at=at + timedelta(seconds=30)) == 0
        assert made(export, at + timedelta(minutes=2)).state == "READY"

    def test_what_was_cancelled_is_not_made(self, order_in, leader, at):
        order_in("IN_PROGRESS")
        export = asked(leader, at)
        with acting(leader.scope):
            services.cancel(actor=leader, export_id=export.pk, at=at)
        assert services.work_on_exports(at=at) == 0

    def test_what_a_search_found_is_taken_out_and_nobody_is_named(self, order_in, leader, agent_elsewhere, at):
        order = order_in("IN_PROGRESS")
        with acting(EVERYTHING):
            services_of_orders.index_orders([order.pk])
        word = base64.urlsafe_b64encode(OrderQuery(words="上门").sealed(leader.account_id)).decode().rstrip("=")
        export = made(asked(leader, at, filters={"q": word}), at)
        assert table(leader, export, at)[1][0] == order.number
        assert export.told == "搜索结果，含关键词"
        with pytest.raises(DomainError):  # somebody else's sealed word finds nothing
            asked(dataclasses.replace(agent_elsewhere, permissions=leader.permissions), at, filters={"q": word})


class TestWords:
    def test_words_wait_for_a_second_person(self, order_in, leader, second, at):
        order = order_in("IN_PROGRESS")
        export = asked(leader, at, with_words=True)
        assert services.work_on_exports(at=at) == 0
        with acting(second.scope):
            assert [one.pk for one in selectors.to_decide(second)] == [export.pk]
            assert Notice.objects.filter(kind="exports.asked").exists()
            services.approve(actor=second, export_id=export.pk, at=at)
        head, row = table(leader, made(export, at), at)
        assert row[head.index("要办的事")] == order.instructions

    def test_nobody_agrees_to_their_own(self, order_in, leader, at):
        order_in("IN_PROGRESS")
        export = asked(leader, at, with_words=True)
        with acting(leader.scope), pytest.raises(NotAllowed) as refused:
            services.approve(actor=leader, export_id=export.pk, at=at)
        assert refused.value.code == "exports.own"

    def test_a_refusal_says_why(self, order_in, leader, second, at):
        order_in("IN_PROGRESS")
        export = asked(leader, at, with_words=True)
        with acting(second.scope):
            with pytest.raises(Invalid):
                services.refuse(actor=second, export_id=export.pk, words=" ", at=at)
            refused = services.refuse(actor=second, export_id=export.pk, words="用不着正文", at=at)
        assert (refused.state, refused.why) == ("REFUSED", "用不着正文")
        assert services.work_on_exports(at=at) == 0


class TestWhoMay:
    def test_whoever_may_not_is_offered_nothing_and_gets_nothing(self, order_in, agent_here, browser, at):
        order_in("IN_PROGRESS")
        with pytest.raises(NotAllowed):
            asked(agent_here, at)
        client = browser(agent_here)
        assert reverse("exports:prepare") not in client.get(reverse("orders:list")).content.decode()
        assert client.post(reverse("exports:prepare"), {"sheet": "orders"}).status_code == 403

    def test_only_who_asked_takes_the_file(self, order_in, leader, second, agent_elsewhere, at):
        order_in("IN_PROGRESS")
        export = made(asked(leader, at), at)
        for who, refusal in ((second, NotFound), (agent_elsewhere, NotFound)):
            with acting(who.scope), pytest.raises(refusal):
                services.download(actor=who, export_id=export.pk, at=at)

    def test_without_a_reason_there_is_no_file(self, order_in, leader, at):
        order_in("IN_PROGRESS")
        with pytest.raises(Invalid):
            asked(leader, at, reason="  ")

    def test_not_more_than_forty_a_day(self, order_in, leader, at):
        order_in("IN_PROGRESS")
        for _ in range(40):
            asked(leader, at)
        with pytest.raises(TooMany):
            asked(leader, at)


def test_the_file_is_gone_after_a_day_and_so_is_what_was_asked(order_in, leader, at):
    order_in("IN_PROGRESS")
    export = made(asked(leader, at), at)
    later = at + timedelta(hours=25)
    assert services.expire_exports(at=later) == 1
    with acting(EVERYTHING):
        export.refresh_from_db()
        assert export.state == "EXPIRED"
        assert not ExportFile.objects.exists()
    assert selectors.filters_of(export) == {}
    with acting(leader.scope), pytest.raises(DomainError) as gone:
        services.download(actor=leader, export_id=export.pk, at=later)
    assert gone.value.code == "exports.gone"


def test_everything_about_it_stands_in_the_journal(order_in, leader, at):
    order_in("IN_PROGRESS")
    export = made(asked(leader, at), at)
    table(leader, export, at)
    with acting(EVERYTHING):
        told = Entry.objects.filter(subject_kind="export", subject_id=export.pk).order_by("pk")
        assert [entry.name for entry in told if "progressed" not in entry.name] == [
            "exports.asked",
            "exports.ready",
            "exports.downloaded",
        ]
        assert told.last().account_id == leader.account_id
        assert "会商" not in str([entry.data for entry in told])


def test_on_the_pages(order_in, leader, browser, at):
    order_in("IN_PROGRESS")
    client = browser(leader)
    form = client.post(reverse("exports:prepare"), {"sheet": "orders", "box": "sent"}).content.decode()
    assert "我派出的" in form
    empty = client.post(reverse("exports:ask"), {"sheet": "orders", "box": "sent", "format": "CSV", "reason": ""})
    assert empty.status_code == 422
    sent = {"sheet": "orders", "box": "sent", "format": "CSV", "reason": "周报"}
    page = client.post(reverse("exports:ask"), sent)["Location"]
    assert "排队中" in client.get(page).content.decode()
    services.work_on_exports(at=time.now())
    assert "下载（1行）" in client.get(page).content.decode()
    answer = client.post(f"{page}file")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    assert "工单列表" in client.get(reverse("exports:list")).content.decode()
