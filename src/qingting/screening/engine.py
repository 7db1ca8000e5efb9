"""One text in, one Screening out: normalise, mask idioms, run the rules, ask the guards, then ask the models.

Rules and models check each other. The models may add signs; a rule's sign stands unless the models are all but sure that
nothing is meant (a bar far below that for a sign of their own, and lower still for 特急). A rule of staff's own always stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from .features import features
from .guards import FLAGS, holds_back, mask_idioms, plain_flags, sentence_bounds, surroundings
from .model import ANY, Model, model
from .normalise import Plain, normalise
from .rules import Hit, Rule, book, shipped_rules
from .signs import LEVELS, TYPES, DangerSign, Screening, rank, worst
from .stretches import stretches

MOST_SIGNS = 40  # a screen full is enough for a person; the gravest come first
TRUST = 0.7  # what a model's certainty is worth beside a rule's: it is right less often when it stands alone
QUIET = 0.5  # of that for a text without a sign, so that it scores below any text with one
SECOND = 0.8  # what doubt is left of the doubt, for each further rule that agrees
LEAN = 0.6  # 特急 is said where it is this likely beside the likeliest level: too high is the better mistake
ALSO = 0.5  # a second type is named where it is this likely beside the likeliest
MILD = 0.5  # of the bar for a rule's sign, where the rule says 特急
ALWAYS_CRITICAL = ("suicide_in_progress", "suicide_plan_24h")
PLAIN, DOUBTED, RULED = range(3)  # rows of a model's bars


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule's hit, and the first guard that holds it back, if any."""

    hit: Hit
    held_by: str | None

    def within(self, span: tuple[int, int]) -> bool:
        """True when the hit has a character in this stretch."""
        return self.hit.start < span[1] and span[0] < self.hit.end


@dataclass(frozen=True, slots=True)
class Answer:
    """What the models say of one stretch: a probability for each output, and whether a guard speaks against danger."""

    span: tuple[int, int]
    outputs: np.ndarray
    doubted: bool

    @property
    def any_danger(self) -> float:
        """Probability of any danger."""
        return float(self.outputs[ANY])


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its plain form with idioms masked, what the rules found in it, and what the models say of each stretch."""

    text: str
    plain: Plain
    masked: str
    rows: list[Judged]
    answers: list[Answer]


def judged(masked: str) -> list[Judged]:
    """Every hit of every rule with its guards asked."""
    bounds = sentence_bounds(masked)
    rows = []
    for hit in book().hits(masked):
        around = surroundings(masked, hit, bounds)
        held = next((guard for guard in hit.rule.guards if holds_back(guard, around)), None)
        rows.append(Judged(hit, held))
    return rows


def _rule_sign(text: str, plain: Plain, hit: Hit) -> DangerSign:
    start, end = plain.span(hit.start, hit.end)
    rule = hit.rule
    return DangerSign(rule.type, rule.level, start, end, text[start:end], rule.id, rule.guards, rule.strength)


def _level(type_: str, outputs: np.ndarray) -> str:
    levels = outputs[ANY + 1 :]
    if type_ in ALWAYS_CRITICAL or levels[0] >= LEAN * levels.max():
        return LEVELS[0]
    return LEVELS[int(levels.argmax())]


def _types(outputs: np.ndarray) -> list[str]:
    """The likeliest type, and the next where it is nearly as likely."""
    first, second = np.argsort(-outputs[:ANY], kind="stable")[:2]
    return [TYPES[at] for at in (first, second) if outputs[at] >= ALSO * outputs[first]]


def _trimmed(masked: str, span: tuple[int, int]) -> tuple[int, int]:
    """The stretch without the line ends around it, so that a message says the same alone and among others."""
    words = masked[slice(*span)]
    return span[0] + len(words) - len(words.lstrip()), span[1] - len(words) + len(words.rstrip())


def _answers(masked: str, rows: list[Judged], models: Model) -> Iterator[Answer]:
    public = FLAGS.index("public") in plain_flags(masked)  # the whole text talks of groups, laws and the news
    for span in (_trimmed(masked, rough) for rough in stretches(masked)):
        stretch = masked[slice(*span)]
        flags = plain_flags(stretch)
        inside = [row for row in rows if row.within(span)]
        doubted = bool(flags or public or (inside and all(row.held_by for row in inside)))
        yield Answer(span, models.probabilities(features(stretch, flags)), doubted)


def read(text: str, models: Model) -> Reading:
    """Everything that is known of a text before it is decided what to say."""
    plain = normalise(text)
    masked = mask_idioms(plain.text)
    rows = judged(masked)
    return Reading(text, plain, masked, rows, list(_answers(masked, rows, models)))


@cache
def _learnt() -> frozenset[Rule]:
    return frozenset(shipped_rules())


def _standing(reading: Reading, models: Model) -> list[Judged]:
    """The rules' hits that no guard holds back and that the models don't take for harmless. A rule that staff added or changed
    always stands: the models know nothing of it."""
    bar = models.bar(RULED, len(reading.masked))
    kept = []
    for row in reading.rows:
        if row.held_by is None:
            says = max((answer.any_danger for answer in reading.answers if row.within(answer.span)), default=1.0)
            needs = bar * (MILD if row.hit.rule.level == LEVELS[0] else 1.0)
            kept += [row] if says >= needs or row.hit.rule not in _learnt() else []
    return kept


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return inner != outer and outer[0] <= inner[0] and inner[1] <= outer[1]


def _model_signs(reading: Reading, standing: list[Judged], models: Model) -> Iterator[DangerSign]:
    """Signs of stretches that pass their bar and where no rule says as much already. Two neighbours speak together only where
    neither of them has something to say alone: a harmless message after a danger must not seem a new one."""
    length = len(reading.masked)
    loud = [a for a in reading.answers if a.any_danger >= models.bar(DOUBTED if a.doubted else PLAIN, length)]
    spoken = [
        a.span for a in reading.answers if any(a is one for one in loud) or any(row.within(a.span) for row in standing)
    ]
    for answer in loud:
        types = _types(answer.outputs)
        level = _level(types[0], answer.outputs)
        if any(row.within(answer.span) and rank(row.hit.rule.level) >= rank(level) for row in standing):
            continue
        if any(_within(span, answer.span) for span in spoken):
            continue
        start, end = reading.plain.span(*answer.span)
        words, score = reading.text[start:end], TRUST * answer.any_danger
        for type_ in types:
            yield DangerSign(type_, level, start, end, words, f"model:{type_}", FLAGS, score)


def _one_per_place(signs: list[DangerSign]) -> tuple[DangerSign, ...]:
    """Of signs of one type that overlap, the gravest and surest; gravest first."""
    kept: list[DangerSign] = []
    for sign in sorted(set(signs), key=lambda s: (-rank(s.level), -s.score, s.start, s.why)):
        if not any(k.type == sign.type and k.start < sign.end and sign.start < k.end for k in kept):
            kept.append(sign)
        if len(kept) == MOST_SIGNS:
            break
    return tuple(kept)


def _score(signs: tuple[DangerSign, ...], best: float) -> float:
    """0..1: the surest sign, surer with each further rule that found something; `best` is the models' word on quiet texts."""
    if not signs:
        return QUIET * TRUST * best
    doubt = 1.0 - max(sign.score for sign in signs)
    return 1.0 - doubt * SECOND ** (len({sign.why for sign in signs}) - 1)


def decide(reading: Reading, models: Model) -> Screening:
    """What to say of a text that has been read."""
    standing = _standing(reading, models)
    signs = [_rule_sign(reading.text, reading.plain, row.hit) for row in standing]
    kept = _one_per_place([*signs, *_model_signs(reading, standing, models)])
    best = max((answer.any_danger for answer in reading.answers), default=0.0)
    return Screening(kept, worst(*(sign.level for sign in kept)), models.calibrated(_score(kept, best)))


def screen(text: str, models: Model | None = None) -> Screening:
    """Screen one message or note. Never raises on any string; offsets are into `text` as given.

    `models` are others than those shipped, for measuring them; `score` is calibrated on held-out texts (see `train`).
    """
    models = models or model()
    return decide(read(text, models), models)
