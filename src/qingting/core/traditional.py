"""Simplified Chinese written in Traditional characters, for readers of Hong Kong, Macao and Taiwan. Pure; character for character."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("traditional.toml")


@cache
def _tables() -> tuple[re.Pattern[str], Mapping[str, str], Mapping[int, str]]:
    raw = tomllib.loads(FILE.read_text("utf-8"))
    joined = "".join(raw["characters"])
    phrases = dict(phrase.split() for phrase in raw["phrases"])
    longest_first = sorted(phrases, key=len, reverse=True)
    characters = str.maketrans(dict(zip(joined[::2], joined[1::2], strict=True)))
    return re.compile("|".join(map(re.escape, longest_first))), phrases, characters


def traditional(text: str) -> str:
    """The text in Traditional characters. What is Traditional already stays; a character that is not in the table stays, too."""
    pattern, phrases, characters = _tables()
    written, done = [], 0
    for found in pattern.finditer(text):
        written += [text[done : found.start()].translate(characters), phrases[found[0]]]
        done = found.end()
    return "".join([*written, text[done:].translate(characters)])
