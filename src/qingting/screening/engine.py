"""One text in, one Screening out: normalise, mask idioms, run the rules, ask the guards, then ask the models.

The models may only add signs. Nothing they say takes a rule's sign away.
"""

from dataclasses import dataclass

import numpy as np

from .features import features
from .guards import FLAGS, holds_back, mask_idioms, plain_flags, sentence_bounds, surroundings
from .model import ANY, SHORT, Model, model
from .normalise import Plain, normalise
from .rules import Hit, book
from .signs import LEVELS, TYPES, DangerSign, Screening, rank, worst
from .stretches import stretches

MOST_SIGNS = 40  # a screen full is enough for a person; the gravest come first
DOUBTED = 0.99  # what the models must reach where a guard speaks against danger
TRUST = 0.7  # what a model's certainty is worth beside a rule's: it is right less often when it stands alone
QUIET = 0.5  # of that for a text without a sign, so that it scores below any text with one
SECOND = 0.8  # what doubt is left of the doubt, for each further rule that agrees
ALWAYS_CRITICAL = ("suicide_in_progress", "suicide_plan_24h")


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule's hit, and the first guard that holds it back, if any."""

    hit: Hit
    held_by: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Plain text with idioms masked, and what the rules found in it."""

    masked: str
    rows: list[Judged]
    public: bool  # the whole text talks of groups, laws and the news
    models: Model

    def by_rule(self, span: tuple[int, int]) -> bool:
        """True when a rule already speaks for this stretch."""
        return any(not row.held_by and row.hit.start < span[1] and span[0] < row.hit.end for row in self.rows)


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


def _level(type_: str, answer: np.ndarray) -> str:
    if type_ in ALWAYS_CRITICAL:
        return LEVELS[0]
    return LEVELS[int(answer[ANY + 1 :].argmax())]


def _model_sign(text: str, plain: Plain, read: Reading, span: tuple[int, int]) -> tuple[float, DangerSign | None]:
    """Probability of any danger in the stretch, and the sign when it passes its bar."""
    stretch = read.masked[slice(*span)]
    flags = plain_flags(stretch)
    answer = read.models.probabilities(features(stretch, flags))
    any_danger = float(answer[ANY])
    inside = [row for row in read.rows if row.hit.start < span[1] and span[0] < row.hit.end]
    doubted = flags or read.public or (inside and all(row.held_by for row in inside))
    short, long = read.models.bars
    bar = DOUBTED if doubted else short if len(read.masked) <= SHORT else long
    if any_danger < bar:
        return any_danger, None
    type_ = TYPES[int(answer[:ANY].argmax())]
    start, end = plain.span(*span)
    sign = DangerSign(
        type_, _level(type_, answer), start, end, text[start:end], f"model:{type_}", FLAGS, TRUST * any_danger
    )
    return any_danger, sign


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


def screen(text: str, models: Model | None = None) -> Screening:
    """Screen one message or note. Never raises on any string; offsets are into `text` as given.

    `models` are others than those shipped, for measuring them; `score` is calibrated on held-out texts (see `train`).
    """
    models = models or model()
    plain = normalise(text)
    masked = mask_idioms(plain.text)
    read = Reading(masked, judged(masked), FLAGS.index("public") in plain_flags(masked), models)
    signs = [_rule_sign(text, plain, row.hit) for row in read.rows if row.held_by is None]
    best = 0.0
    for span in stretches(masked):
        if read.by_rule(span):
            continue
        probability, sign = _model_sign(text, plain, read, span)
        best = max(best, probability)
        signs += [sign] if sign else []
    kept = _one_per_place(signs)
    score = models.calibrated(_score(kept, best))
    return Screening(kept, worst(*(sign.level for sign in kept)), score)
