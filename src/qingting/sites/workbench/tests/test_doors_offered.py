"""No page offers a way that answers "not allowed": what a post does not open is not a link."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "names", "offered"),
    [
        ("COUNSELLOR", ("contacts:list", "contacts:new"), True),
        ("FOLLOW_UP_AGENT", ("contacts:list", "contacts:new"), False),
        ("SHIFT_LEADER", ("statistics:home", "cases:list"), True),
        ("ANALYST", ("statistics:home", "cases:list"), False),
        ("COUNSELLOR", ("reception:home", "reception:left-list"), True),
        ("REVIEWER", ("reception:home", "reception:left-list"), False),
    ],
)
def test_a_way_is_offered_to_whoever_may_go_it(browser, tree, known_categories, role, names, offered):
    page, way = (reverse(name) for name in names)
    client = browser(tree.person(role, tree.station))
    shown = client.get(page).content.decode()
    assert (f'href="{way}' in shown) is offered
    assert (client.get(way).status_code == 200) is offered
