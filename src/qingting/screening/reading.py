"""Everything that is known of a text before it is decided what to say: its plain form, what the rules found in it and which
guard holds a hit back, and what the linear models say of the whole and of each stretch."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .features import features
from .guards import holds_back, mask_idioms, plain_flags, sentence_bounds, surroundings
from .model import ANY, Model
from .normalise import Plain, normalise
from .rules import Hit, book
from .stretches import stretches

WHOLE = 400  # characters from the start that are read as one


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
    """What the models say of one stretch: a probability for each output."""

    span: tuple[int, int]
    outputs: np.ndarray

    @property
    def any_danger(self) -> float:
        """Probability of any danger."""
        return float(self.outputs[ANY])


@dataclass(frozen=True, slots=True)
class Reading:
    """`masked`: the plain text with idioms blotted out; `rows`: the rules' hits; `answers`: the models' word on each stretch,
    `whole` on the text as one; `flags`: numbers of the guards that hold for the whole text."""

    text: str
    plain: Plain
    masked: str
    rows: list[Judged]
    answers: list[Answer]
    whole: np.ndarray
    flags: list[int]

    @property
    def loudest(self) -> Answer | None:
        """The stretch where any danger is likeliest."""
        return max(self.answers, key=lambda answer: answer.any_danger, default=None)


def judged(masked: str) -> list[Judged]:
    """Every hit of every rule with its guards asked."""
    bounds = sentence_bounds(masked)
    rows = []
    for hit in book().hits(masked):
        around = surroundings(masked, hit, bounds)
        held = next((guard for guard in hit.rule.guards if holds_back(guard, around)), None)
        rows.append(Judged(hit, held))
    return rows


def _trimmed(masked: str, span: tuple[int, int]) -> tuple[int, int]:
    """The stretch without the line ends around it, so that a message says the same alone and among others."""
    words = masked[slice(*span)]
    return span[0] + len(words) - len(words.lstrip()), span[1] - len(words) + len(words.rstrip())


def _asked(masked: str, models: Model) -> np.ndarray:
    return models.probabilities(features(masked, plain_flags(masked)))


def _answers(masked: str, models: Model) -> Iterator[Answer]:
    for rough in stretches(masked):
        span = _trimmed(masked, rough)
        yield Answer(span, _asked(masked[slice(*span)], models))


def read(text: str, models: Model) -> Reading:
    """Read a text with the rules in force and these models. Never raises on any string."""
    plain = normalise(text)
    masked = mask_idioms(plain.text)
    answers = list(_answers(masked, models))
    start, end = _trimmed(masked, (0, min(WHOLE, len(masked))))
    one = len(answers) == 1 and answers[0].span == (start, end)
    whole = answers[0].outputs if one else _asked(masked[start:end], models)
    return Reading(text, plain, masked, judged(masked), answers, whole, plain_flags(masked))
