"""Aid as people see and press it, over HTTP."""

from django.urls import reverse

from qingting.assistance.models import AidApplication
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting


def address(name, *args):
    return reverse(f"assistance:{name}", args=args)


def read(client, name, *args):
    answer = client.get(address(name, *args))
    return answer.status_code, answer.content.decode()


def test_from_the_case_to_the_last_line(browser, agent_here, leader_here, decider, case, tree):
    seat, leader, province = browser(agent_here), browser(leader_here), browser(decider)
    assert "申请援助" in read(seat, "panel", case.pk)[1]
    seat.post(address("apply", case.pk), {"kind": "GRANT", "asked": "1,200.50", "need": "父亲失业，欠学费"})
    with acting(EVERYTHING):
        row = AidApplication.objects.get()
    assert row.asked_fen == 120_050
    assert "通过初审" not in read(seat, "application", row.pk)[1], "not by who applied"
    assert "通过初审" in read(leader, "application", row.pk)[1]
    leader.post(address("check", row.pk), {"words": "与学校核对属实"})
    assert "批准并派单" in read(province, "application", row.pk)[1]
    granted = {"granted": "1000", "funder": "希望工程", "handler": tree.county.pk, "words": "同意"}
    province.post(address("approve", row.pk), granted)
    province.post(address("pay", row.pk), {"amount": "600", "voucher": "＝P-1", "words": "转入学校账户"})
    _, text = read(province, "application", row.pk)
    assert "还可支付" in text
    assert "400.00" in text
    assert "600.00" in read(province, "person", case.seeker_id)[1]
    book = province.post(address("export"), {"year": ""}).content.decode()
    assert "600.00,'＝P-1,希望工程" in book
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="assistance.exported").exists()
    assert "1,000.00" in read(seat, "list")[1]


def test_too_much_is_refused_in_words(browser, approved, decider):
    answer = browser(decider).post(
        address("pay", approved.pk),
        {"amount": "1000.01", "voucher": "P", "words": "多付"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "还可支付1,000.00元" in answer.content.decode()


def test_who_may_not_is_refused(browser, approved, agent_here, agent_elsewhere):
    assert browser(agent_here).post(address("export"), {}).status_code == 403
    assert read(browser(agent_elsewhere), "application", approved.pk)[0] == 404


def test_the_register_is_found_by_number_kind_and_state_page_by_page(browser, approved, agent_here, case):
    seat = browser(agent_here)
    hit, miss = '<span class="title">', "没有符合的援助申请"
    for asked in (
        {"number": case.number[-4:]},
        {"number": case.number.lower()},
        {"kind": approved.kind, "state": "APPROVED"},
    ):
        assert hit in seat.get(address("list"), asked).content.decode()
    for asked in ({"number": "XX-0"}, {"state": "REFUSED"}, {"kind": "no such"}):
        text = seat.get(address("list"), asked).content.decode()
        assert miss in text
        assert hit not in text


def test_whoever_works_with_aid_reads_the_rates_and_only_an_administrator_sets_them(browser, agent_here, tree):
    administrator = tree.person("ORGANISATION_ADMINISTRATOR", tree.station)
    handler = tree.person("ORDER_HANDLER", tree.county)
    assert read(browser(handler), "rates")[0] == 403
    status, text = read(browser(agent_here), "rates")
    assert status == 200
    assert "标准由单位管理员设定" in text
    assert address("set-rate") not in text
    assert address("set-rate") in read(browser(administrator), "rates")[1]
    assert browser(agent_here).post(address("set-rate"), {}).status_code == 403
