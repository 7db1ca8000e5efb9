"""Two people who may change the lexicon, and an evaluation small enough for a test."""

import pytest

from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import ClockRule
from qingting.lexicon import measures, services
from qingting.lexicon.measures import Labelled

SENTENCE = "我要去喂月亮了"  # which the models of the package take for nothing
CALM = "老师讲了喂月亮的童话"
RULE = {
    "id": "own.moon",
    "type": "suicide_ideation",
    "level": "URGENT",
    "owner": "本单位",
    "strength": 0.85,
    "guards": ["negation"],
    "patterns": ["(?:去|要) ~2 喂月亮"],
    "hits": [SENTENCE],
    "misses": [CALM],
}
ROWS = [
    Labelled("EVALUATION", "我已经爬上楼顶的围墙了，风好大", "suicide_in_progress", "CRITICAL", "plain"),
    Labelled("EVALUATION", "今天食堂的菜真好吃", "", "", "plain"),
    Labelled("WRITTEN", "我真的不想活了", "suicide_ideation", "URGENT"),
]


@pytest.fixture(autouse=True)
def clock_rules(db):
    """Thirty minutes to an intervention."""
    ClockRule.objects.update_or_create(
        organisation=None,
        kind="CRISIS_INTERVENTION",
        defaults={"minutes": 30, "warn_minutes_before": 10, "escalate_minutes": 10, "source": "测试"},
    )


@pytest.fixture
def small(monkeypatch):
    """The evaluation with three rows of its own, after the confirmed ones."""
    monkeypatch.setattr(measures, "material", lambda confirmed: [*confirmed, *ROWS])


@pytest.fixture
def proposer(tree):
    """A duty cadre of the station here."""
    return tree.person("DUTY_CADRE", tree.station, "何静")


@pytest.fixture
def approver(leader_here):
    """The shift leader of the same station."""
    return leader_here


@pytest.fixture
def draft(proposer, at):
    with acting(proposer.scope):
        return services.open_draft(actor=proposer, at=at)


@pytest.fixture
def with_rule(proposer, draft, at):
    """The draft with one new rule."""
    with acting(proposer.scope):
        return services.change_rule(actor=proposer, version_id=draft.pk, row=RULE, at=at)


def measured(version, at):
    """Let the worker measure to the end."""
    with acting(EVERYTHING):
        for _ in range(60):
            if not services.measure_step(at=at):
                break
        version.refresh_from_db()
    return version


@pytest.fixture
def waiting(small, proposer, with_rule, at):
    """Submitted and measured: it waits for a second person."""
    with acting(proposer.scope):
        services.submit(actor=proposer, version_id=with_rule.pk, words="来访者这样说没有标出来", days=7, at=at)
    return measured(with_rule, at)


@pytest.fixture
def active(waiting, approver, at):
    with acting(approver.scope):
        return services.approve(actor=approver, version_id=waiting.pk, words="同意", at=at)
