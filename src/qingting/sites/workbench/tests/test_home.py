"""The start page and the way around."""

from datetime import UTC, datetime
from itertools import groupby

from qingting.sites.addresses import address
from qingting.sites.workbench import cards, home, navigation


def urgent_card(actor, *, at):
    """A room with something that cannot wait."""
    return {"title": "特急", "template": "workbench/cards/post.html", "context": {}, "urgent": True}


def silent_card(actor, *, at):
    """A room this person has no business with."""
    return


def test_urgent_cards_come_first_and_silent_rooms_take_no_room(agent_here, at, monkeypatch):
    names = [*cards.PROVIDERS, f"{__name__}.silent_card", f"{__name__}.urgent_card"]
    monkeypatch.setattr(cards, "PROVIDERS", names)
    composed = home.composed(agent_here, at=at)
    assert composed["main"][0].title == "特急"
    assert "进行中的会话" in [card.title for card in composed["main"]]
    assert [card.title for card in composed["side"]] == ["提醒", "常用入口", "当前岗位"]


def test_greetings_know_the_night_shift():
    assert home.greeting(datetime(2026, 3, 4, 18, 30, tzinfo=UTC)) == "夜深了，辛苦了"  # 02:30 in Beijing
    assert home.greeting(datetime(2026, 3, 4, 0, 30, tzinfo=UTC)) == "早上好"
    assert home.date_in_words(datetime(2026, 3, 4, 4, tzinfo=UTC)) == "3月4日 星期三"


def test_one_is_offered_only_what_one_may_use(agent_here, tree, monkeypatch):
    entries = [
        navigation.Entry("首页", "workbench:home", "", "home"),
        navigation.Entry("搜索", "workbench:search", "duty.take", "search"),
        navigation.Entry("没有的页面", "nowhere:at-all", "", "help"),
    ]
    monkeypatch.setattr(navigation, "ENTRIES", entries)
    labels = [place.label for place in navigation.places(agent_here, path="/workbench/search")]
    assert labels == ["首页", "搜索"]
    analyst = tree.person("ANALYST", tree.station, "数据")
    assert [place.label for place in navigation.places(analyst, path="/")] == ["首页"]


def test_the_page_one_is_on_is_marked(agent_here, monkeypatch):
    entries = [
        navigation.Entry("首页", "workbench:home", "", "home"),
        navigation.Entry("搜索", "workbench:search", "", "search"),
    ]
    monkeypatch.setattr(navigation, "ENTRIES", entries)
    current = [place.label for place in navigation.places(agent_here, path="/workbench/search") if place.current]
    assert current == ["搜索"]


def test_on_a_phone_the_main_work_stands_in_front(tree):
    handler = tree.person("ORDER_HANDLER", tree.county)
    offered = navigation.thumb_first(handler, navigation.places(handler, path="/"))
    assert [place.label for place in offered[:2]] == ["首页", "工单"]
    counsellor = tree.person("COUNSELLOR", tree.station)
    offered = navigation.thumb_first(counsellor, navigation.places(counsellor, path="/"))
    assert [place.label for place in offered[:3]] == ["首页", "坐席台", "接触记录"]


def test_every_shortcut_leads_to_one_place_and_each_heading_stands_once():
    keys = [entry.key for entry in navigation.ENTRIES if entry.key]
    assert len(keys) == len(set(keys))
    groups = [group for group, _ in groupby(str(entry.group) for entry in navigation.ENTRIES)]
    assert len(groups) == len(set(groups))


def test_all_places_exist():
    missing = [entry.url_name for entry in navigation.ENTRIES if not address(entry.url_name)]
    assert missing == []
