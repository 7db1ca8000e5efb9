"""Two windows on one form: neither wipes what the other typed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qingting.core.drafts import MOST_BEFORE, Typed, merged, values

UNTIMED = settings(deadline=None)  # a busy machine is no failure
FIELDS = ("summary", "category")


class Window:
    """A window that, as browsers do, sends all fields whenever one of them changes."""

    def __init__(self, name, draft, version):
        self.name, self.version = name, version
        self.shown = {field: values(draft).get(field, "") for field in FIELDS}

    def type(self, field, text, draft, version):
        self.shown[field] = text
        return merged(draft, Typed(dict(self.shown), self.version, self.name), version=version, origin={})


@UNTIMED
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(FIELDS)), max_size=20))
def test_what_was_typed_last_in_a_field_stands(acts):
    draft, last = {}, {}
    left, right = Window("left", draft, 0), Window("right", draft, 0)
    for version, (from_left, field) in enumerate(acts, start=1):
        draft = (left if from_left else right).type(field, f"第{version}句", draft, version)
        last[field] = f"第{version}句"
    assert values(draft) == last


def test_a_window_opened_later_may_clear_a_field():
    draft = Window("a", {}, 0).type("summary", "孩子说不想上学", {}, 1)
    draft = Window("b", draft, 1).type("summary", "", draft, 2)
    assert values(draft)["summary"] == ""
    assert draft["summary"]["before"][0]["value"] == "孩子说不想上学"


def test_one_window_typing_on_keeps_no_copies():
    draft, window = {}, Window("a", {}, 0)
    for version in range(1, 30):
        draft = window.type("summary", "字" * version, draft, version)
    assert draft["summary"]["before"] == []


def test_history_is_bounded():
    draft = {}
    for version in range(1, 40):
        draft = Window(f"w{version}", draft, version - 1).type("summary", str(version), draft, version)
    assert len(draft["summary"]["before"]) == MOST_BEFORE
