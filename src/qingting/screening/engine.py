"""One text in, one Screening out."""

import json
import unicodedata
from functools import cache

import ahocorasick

from .signs import DATA, DangerSign, Screening, worst


@cache
def _words() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for row in json.loads((DATA / "first_words.json").read_text(encoding="utf-8")):
        for word in row["words"]:
            automaton.add_word(word, (len(word), row))
    automaton.make_automaton()
    return automaton


def screen(text: str) -> Screening:
    """Screen one message or note. Never raises on any string; offsets are into `text` as given."""
    plain = "".join(c if len(c) == 1 else raw for raw in text for c in (unicodedata.normalize("NFKC", raw).lower(),))
    signs = tuple(
        DangerSign(row["type"], row["level"], end + 1 - size, end + 1, text[end + 1 - size : end + 1], row["id"], (), row["score"])
        for end, (size, row) in _words().iter(plain)
    )
    return Screening(signs, worst(*(sign.level for sign in signs)), max((sign.score for sign in signs), default=0.0))
