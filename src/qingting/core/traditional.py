"""Simplified Chinese written in Traditional characters, for readers of Hong Kong, Macao and Taiwan. Pure.

OpenCC knows the words and picks the character by them (`s2tw`: Traditional as written in Taiwan; the words stay those of the mainland, so
that what is read is what the counsellor knows). `traditional.toml` holds the few words in which it errs (ADR 15).
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from opencc import OpenCC

FILE = Path(__file__).with_name("traditional.toml")


@cache
def _tables() -> tuple[OpenCC, re.Pattern[str], Mapping[str, str], Mapping[int, str]]:
    raw = tomllib.loads(FILE.read_text("utf-8"))
    words = dict(pair.split() for pair in raw["words"])
    longest_first = sorted(words, key=len, reverse=True)
    usual = str.maketrans(dict(pair.split() for pair in raw["usual"]))
    return OpenCC("s2tw"), re.compile("|".join(map(re.escape, longest_first))), words, usual


def traditional(text: str) -> str:
    """The text in Traditional characters. What is Traditional already stays."""
    converter, pattern, words, usual = _tables()
    written, done = [], 0
    for found in pattern.finditer(text):
        written += [converter.convert(text[done : found.start()]), words[found[0]]]
        done = found.end()
    return "".join([*written, converter.convert(text[done:])]).translate(usual)
