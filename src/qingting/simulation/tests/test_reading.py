"""What the played people read off pages and tables."""

import json

import pytest
from django.core.management import CommandError, call_command

from qingting.simulation.accounts import read_table
from qingting.simulation.bench.numbers import milliseconds, percentile
from qingting.simulation.company import OWN_TEXTS, read_texts
from qingting.simulation.forms import forms_of, targets_of

PAGE = """
<a href="/orders/7/">W01</a><div hx-get="/contacts/5/panel"></div>
<form hx-post="/contacts/5/save"><input type="hidden" name="version" value="3">
<input type="radio" name="level" value="URGENT"><input type="radio" name="level" value="ROUTINE" checked>
<select name="category"><option value="">请选择</option><option value="PSY" selected>心理</option></select></form>
<form action="/account/posts"><button name="organisation" value="12"><strong>广东12355</strong> 值班长</button></form>
"""


def test_a_form_is_sent_as_it_stands_and_tells_its_choices():
    form = forms_of(PAGE)["/contacts/5/save"]
    assert form.values == {"version": "3", "level": "ROUTINE", "category": "PSY"}
    assert form.choices["level"] == ["URGENT", "ROUTINE"]
    assert form.choices["category"] == ["", "PSY"]


def test_a_button_is_known_by_its_words_and_a_place_by_its_address():
    assert forms_of(PAGE)["/account/posts"].buttons == [("organisation", "12", "广东12355 值班长")]
    assert targets_of(PAGE)[:2] == ["/orders/7/", "/contacts/5/panel"]


def test_the_table_of_accounts_is_read_by_its_columns():
    secret = "A" * 32
    table = f"岗位  用户名  密码  单位  验证器密钥  当前验证码\n心理咨询师  counsellor  AB-CD  广东12355  {secret}  123456\n"
    assert read_table(table)["counsellor"].password == "AB-CD"


def test_own_texts_are_many_and_a_file_without_any_is_refused(tmp_path):
    assert len(read_texts(OWN_TEXTS)) >= 60
    empty = tmp_path / "empty.jsonl"
    empty.write_text(json.dumps({"label": "x"}) + "\n")
    with pytest.raises(ValueError, match="no line with a text"):
        read_texts(empty)


def test_percentiles_are_values_that_were_measured():
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert milliseconds([0.001, 0.01]) == {"p50": 1.0, "p95": 10.0, "p99": 10.0, "slowest": 10.0}


def test_nobody_is_played_on_real_data(settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="演示模式"):
        call_command("simulate")


@pytest.mark.parametrize("asked", [{"minutes": 10_000}, {"actors": 5_000}, {"rate": 0}])
def test_a_simulation_has_bounds(asked):
    with pytest.raises(CommandError):
        call_command("simulate", **asked)
