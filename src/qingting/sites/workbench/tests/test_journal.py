"""操作日志: found by what auditors ask for, within their sight; reading and verifying leave a trace."""

import pytest
from django.urls import reverse

from qingting.core import events, sealing
from qingting.core.models import Entry
from qingting.core.reading import PAGE, JournalFilter, read_journal
from qingting.core.scope import EVERYTHING, acting
from qingting.core.sealing import Finding, Integrity
from qingting.followups.tests.conftest import case, clock_rules, contact, new_case  # noqa: F401
from qingting.sites.workbench import journal_words

pytestmark = pytest.mark.slow


@pytest.fixture
def auditor(tree):
    return tree.person("AUDITOR", tree.province, "黄晓")


def page(client, **asked):
    return client.get(reverse("workbench:journal"), asked).content.decode()


def entries(name) -> list[Entry]:
    with acting(EVERYTHING):
        return list(Entry.objects.filter(name=name).order_by("at"))


def test_it_tells_what_who_and_for_whom(sign_in, auditor, case):  # noqa: F811
    words = page(sign_in(auditor), case=case.number)
    for expected in (f"建立个案 {case.number}", "李岚", "广东12355"):
        assert expected in words


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ({"name": "cases.opened"}, True),
        ({"name": "cases."}, True),
        ({"name": "orders."}, False),
        ({"since": "2026-03-04", "until": "2026-03-04"}, True),
        ({"since": "2026-03-05"}, False),
        ({"until": "2026-03-03"}, False),
        ({"since": "no day", "case": "", "name": "cases.opened"}, True),
        ({"subject": "12345"}, False),
        ({"subject": "words"}, False),
        ({"subject": "9" * 30}, False),
    ],
)
def test_filters_narrow_it(asked, is_there, sign_in, auditor, case):  # noqa: F811
    assert (f"建立个案 {case.number}" in page(sign_in(auditor), **asked)) == is_there


def test_one_person_and_one_thing(sign_in, auditor, agent_here, leader_here, case):  # noqa: F811
    client, opened = sign_in(auditor), f"建立个案 {case.number}"
    assert opened in page(client, account=agent_here.account_id)
    assert opened not in page(client, account=leader_here.account_id)
    assert opened in page(client, subject=case.pk)


def test_elsewhere_it_is_not_seen(sign_in, tree, case):  # noqa: F811
    stranger = tree.person("AUDITOR", tree.elsewhere, "陆远")
    client = sign_in(stranger)
    for asked in ({"since": "2026-03-01"}, {"case": case.pk}, {"case": case.number}, {"subject": case.pk}):
        assert f"建立个案 {case.number}" not in page(client, **asked)


def test_pages_follow_one_another_without_gap_or_double(auditor, case, at):  # noqa: F811
    with acting(auditor.scope):
        for _ in range(2 * PAGE + 5):
            read_journal(actor=auditor, asked=JournalFilter(), after="", at=at)
    asked, after, seen = JournalFilter(name="core.journal-read", until=at.replace(year=2027)), "", []
    with acting(auditor.scope):
        while True:
            read = read_journal(actor=auditor, asked=asked, after=after, at=at.replace(year=2028))
            seen += [entry.pk for entry in read.entries]
            after = read.further
            if not after:
                break
    assert len(seen) == len(set(seen)) == 2 * PAGE + 5


@pytest.mark.parametrize("after", ["x", "1-x", "9" * 60, "1-" + "9" * 10, "-"])
def test_an_odd_cursor_does_no_harm(after, sign_in, auditor):
    assert sign_in(auditor).get(reverse("workbench:journal"), {"after": after}).status_code == 200


def test_reading_is_told_with_the_names_of_the_filters_only(sign_in, auditor, agent_here):
    page(sign_in(auditor), account=agent_here.account_id, since="2026-03-01")
    (told,) = entries("core.journal-read")
    assert told.account_id == auditor.account_id
    assert sorted(told.data["filters"]) == ["account", "since"]
    assert str(agent_here.account_id) not in str({**told.data, **told.ids})


def test_only_auditors_read_and_verify(sign_in, leader_here, agent_here):
    for number, actor in enumerate((leader_here, agent_here)):
        client = sign_in(actor, f"token {number}")
        assert client.get(reverse("workbench:journal")).status_code == 403
        assert client.post(reverse("workbench:verify-journal")).status_code == 403
    assert entries("core.journal-verified") == []


def test_verifying_is_told_and_its_result_shown(sign_in, auditor, monkeypatch):
    client = sign_in(auditor)
    assert "还没有校验过" in page(client)
    monkeypatch.setattr(sealing, "verify", lambda: (3, []))
    answer = client.post(reverse("workbench:verify-journal"), headers={"HX-Request": "true"}).content.decode()
    assert "3批全部一致" in answer
    assert "黄晓" in answer
    (told,) = entries("core.journal-verified")
    assert told.data == {"seals": 3, "problems": 0, "findings": []}


def test_what_was_tampered_with_is_said_loudly(sign_in, auditor, monkeypatch):
    monkeypatch.setattr(sealing, "verify", lambda: (3, [Finding(2, "CHANGED", "changed")]))
    client = sign_in(auditor)
    client.post(reverse("workbench:verify-journal"))
    words = page(client)
    assert "发现1个问题" in words
    assert "第2批：这一批里有记录在封存后被改动" in words


def test_a_check_from_the_command_line_counts_as_well(db, auditor, monkeypatch, capsys):
    from django.core.management import call_command

    monkeypatch.setattr(sealing, "verify", lambda: (5, []))
    call_command("journal", "verify")
    standing = sealing.integrity()
    assert isinstance(standing, Integrity)
    assert standing.last_check is not None
    assert standing.last_check.data["seals"] == 5


def test_every_event_has_words():
    silent = [name for name, event in events._by_name.items() if not event.label and name not in journal_words.WORDS]
    assert silent == []
    shown = {name for _room, _label, names in journal_words.name_groups() for name, _words in names}
    told = {name for name in events._by_name if name.split(".")[0] in journal_words.ROOMS}
    assert told <= shown
