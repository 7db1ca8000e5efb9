"""One text in, one Screening out: read it (see `reading`), let the judge weigh what was found (see `evidence`, `judge`), say what is meant.

Rules and models check each other. Where the judge's word passes the bar, every rule that no guard holds back gives a sign, and
the models add theirs; the bar is far lower where a rule stands, and lower still for 特急. A rule of staff's own always stands.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .evidence import evidence, grading, learnt, standing
from .guards import FLAGS
from .model import ANY, GRAVE, OWN, RULED, Model, model
from .normalise import Plain
from .reading import Answer, Judged, Reading, read
from .rules import Hit
from .signs import LEVELS, TYPES, DangerSign, Screening, rank, worst

MOST_SIGNS = 40  # a screen full is enough for a person; the gravest come first
TRUST = 0.7  # what a model's certainty is worth beside a rule's: it is right less often when it stands alone
LOUD = 0.95  # probability at which a stretch has something to say beside the loudest
ALSO = 0.5  # a second type is named where it is this likely beside the likeliest


def _rule_sign(text: str, plain: Plain, hit: Hit) -> DangerSign:
    start, end = plain.span(hit.start, hit.end)
    rule = hit.rule
    return DangerSign(rule.type, rule.level, start, end, text[start:end], rule.id, rule.guards, rule.strength)


def _raised(signs: list[DangerSign], level: str, types: list[str]) -> list[DangerSign]:
    """The rules' signs; where the judge calls the text graver than any of them, the gravest of a type that the models see
    too takes its level, so that the words which a rule points at stay the ones that are shown."""
    agreeing = [sign for sign in signs if sign.type in types]
    if not agreeing or max(rank(sign.level) for sign in signs) >= rank(level):
        return signs
    first = max(agreeing, key=lambda sign: (rank(sign.level), sign.score))
    return [replace(sign, level=level) if sign is first else sign for sign in signs]


def _types(outputs: np.ndarray) -> list[str]:
    """The likeliest type, and the next where it is nearly as likely."""
    first, second = np.argsort(-outputs[:ANY], kind="stable")[:2]
    return [TYPES[at] for at in (first, second) if outputs[at] >= ALSO * outputs[first]]


def _level(outputs: np.ndarray) -> str:
    return LEVELS[int(outputs[ANY + 1 :].argmax())]


def _row(rows: list[Judged]) -> int:
    """Which row of bars holds for a text where these hits stand."""
    if any(row.hit.rule.level == LEVELS[0] for row in rows):
        return GRAVE
    return RULED if rows else OWN


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return inner != outer and outer[0] <= inner[0] and inner[1] <= outer[1]


def _others(reading: Reading, stand: list[Judged], loudest: Answer) -> Iterator[Answer]:
    """Loud stretches beside the loudest. Two neighbours speak together only where neither of them has something to say
    alone: a harmless message after a danger must not seem a new one."""
    loud = [a for a in reading.answers if a.any_danger >= LOUD and a.span != loudest.span]
    spoken = [a.span for a in reading.answers if a in loud or any(row.within(a.span) for row in stand)]
    for answer in loud:
        if not any(_within(span, answer.span) for span in (*spoken, loudest.span)):
            yield answer


def _sign(reading: Reading, answer: Answer, level: str) -> Iterator[DangerSign]:
    start, end = reading.plain.span(*answer.span)
    words, score = reading.text[start:end], TRUST * answer.any_danger
    for type_ in _types(answer.outputs):
        yield DangerSign(type_, level, start, end, words, f"model:{type_}", FLAGS, score)


def _model_signs(reading: Reading, stand: list[Judged], level: str, said: str | None) -> Iterator[DangerSign]:
    """The models' signs of a text that is called danger of this level, where the rules don't say as much already (`said` is
    the gravest level of their signs)."""
    loudest = reading.loudest
    if loudest is None:
        return
    if rank(level) > rank(said):
        yield from _sign(reading, loudest, level)
    for answer in _others(reading, stand, loudest):
        own = min(_level(answer.outputs), level, key=rank)
        if not any(row.within(answer.span) and rank(row.hit.rule.level) >= rank(own) for row in stand):
            yield from _sign(reading, answer, own)


def _one_per_place(signs: list[DangerSign]) -> tuple[DangerSign, ...]:
    """Of signs of one type that overlap, the gravest and surest; gravest first."""
    kept: list[DangerSign] = []
    for sign in sorted(set(signs), key=lambda s: (-rank(s.level), -s.score, s.start, s.why)):
        if not any(k.type == sign.type and k.start < sign.end and sign.start < k.end for k in kept):
            kept.append(sign)
        if len(kept) == MOST_SIGNS:
            break
    return tuple(kept)


def decide(reading: Reading, models: Model) -> Screening:
    """What to say of a text that has been read."""
    stand = standing(reading)
    weighed = models.judge.weigh(evidence(reading))
    alert = weighed >= models.bar(_row(stand), len(reading.masked))
    if not alert:
        stand = [row for row in stand if row.hit.rule not in learnt()]
    signs = [_rule_sign(reading.text, reading.plain, row.hit) for row in stand]
    if alert:
        level, loudest = models.judge.grade(grading(reading)), reading.loudest
        signs = _raised(signs, level, _types(loudest.outputs) if loudest else [])
        signs += _model_signs(reading, stand, level, worst(*(sign.level for sign in signs)))
    kept = _one_per_place(signs)
    return Screening(kept, worst(*(sign.level for sign in kept)), models.calibrated(weighed))


def screen(text: str, models: Model | None = None) -> Screening:
    """Screen one message or note. Never raises on any string; offsets are into `text` as given.

    `models` are others than those shipped, for measuring them; `score` is calibrated on held-out texts (see `train`).
    """
    models = models or model()
    return decide(read(text, models), models)
