"""An article's text as a page shows it: paragraphs, headings and lists of a small plain notation. Pure.

`## ` begins a heading, `- ` and `1. ` a list; `**…**` is strong. Everything else is a paragraph, a blank line ends one.
"""

import re
from dataclasses import dataclass

Part = tuple[str, bool]  # words, whether they are strong
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_BULLET, _NUMBER = re.compile(r"^- (.+)"), re.compile(r"^\d+\. (.+)")


@dataclass(frozen=True, slots=True)
class Block:
    """kind: heading, paragraph, bullets or steps; lines: of each, its parts."""

    kind: str
    lines: tuple[tuple[Part, ...], ...]


def parts(line: str) -> tuple[Part, ...]:
    """The line with its strong words told apart."""
    pieces = _STRONG.split(line)
    return tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece)


def _sorted_line(line: str) -> tuple[str, str]:
    if line.startswith("## "):
        return "heading", line[3:]
    for kind, pattern in (("bullets", _BULLET), ("steps", _NUMBER)):
        if found := pattern.match(line):
            return kind, found[1]
    return "paragraph", line


def blocks(text: str) -> list[Block]:
    """The text as blocks, in order."""
    made: list[Block] = []
    fresh = True
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            fresh = True
            continue
        kind, words = _sorted_line(line)
        if made and made[-1].kind == kind and kind != "heading" and (not fresh or kind != "paragraph"):
            made[-1] = Block(kind, (*made[-1].lines, parts(words)))
        else:
            made.append(Block(kind, (parts(words),)))
        fresh = False
    return made
