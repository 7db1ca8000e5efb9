"""Whether a pattern that somebody wrote may run on every message: it must be bounded, whatever text it meets.

Its language is the rules' (see `rules`), without repeats that have no end and without repeats of groups, so that the work for
one place in a text is at most the product of its gaps and choices; and it is tried against the worst texts we can think of.
"""

import re
import time
from collections.abc import Iterator

from .lexicon import classes
from .rules import GAP, compiled

LONGEST = 400  # characters of a pattern
MOST_PARTS = 14
MOST_WORK = (
    4_000  # ways in which gaps and optional parts may be filled at one place; the shipped patterns stay below 7 000
)
LONGEST_GAP = 60
LONGEST_REPEAT = 20
STRESS = 4_000  # characters, as long as a message may be
SLOWEST = 0.05  # seconds for such a text

TOKEN = re.compile(
    r"(?P<group>\(\?(?::|!|<!|=|<=))|(?P<end>\))|(?P<or>\|)|(?P<maybe>\?)|(?P<repeat>\{(?P<least>\d+)(?:,(?P<most>\d+))?\})"
    r"|(?P<set>\[\^?(?:\\[dws?]|[^\[\]\\])+\])|(?P<digit>\\[dws?])|(?P<class><[a-z_]+>)|(?P<plain>[^\\()\[\]{}*+?|<>])"
)


def problem(pattern: str) -> str:
    """Why this pattern may not be used, in words for whoever wrote it; empty where it may."""
    parts = pattern.split()
    if not parts or len(pattern) > LONGEST or len(parts) > MOST_PARTS:
        return f"写1到{MOST_PARTS}段，用空格隔开，一共不超过{LONGEST}个字符。"
    if all(GAP.match(part) for part in parts):
        return "不能只有间隔，至少写一段词语。"
    work = 1
    for part in parts:
        wrong, ways = _read(part)
        if wrong:
            return f"“{part}”：{wrong}"
        work *= ways
    if work > MOST_WORK:
        return "间隔和可有可无的部分太多，长句子会算很久。请缩短间隔，或拆成两条。"
    return _tried(parts)


def _read(part: str) -> tuple[str, int]:
    """What is wrong with a part, and in how many ways it may be filled at one place."""
    if gap := GAP.match(part):
        size = int(gap[2])
        return (f"间隔最多{LONGEST_GAP}个字。", 0) if size > LONGEST_GAP else ("", size + 1)
    at, ways, last = 0, 1, ""
    while at < len(part):
        token = TOKEN.match(part, at)
        if token is None:
            return _unknown(part[at]), 0
        kind = str(token.lastgroup if token.lastgroup not in {"least", "most"} else "repeat")
        wrong, more = _weighed(token, kind, last)
        if wrong:
            return wrong, 0
        at, ways, last = token.end(), ways * more, kind
    return "", ways


def _weighed(token: re.Match[str], kind: str, last: str) -> tuple[str, int]:
    if kind == "class" and token["class"][1:-1] not in classes():
        return f"没有叫 {token['class']} 的词类。", 0
    if kind == "maybe":
        return ("", 2) if last in {"end", "plain", "set", "digit", "class"} else ("问号只能跟在词语后面。", 0)
    if kind != "repeat":
        return "", 1
    least, most = int(token["least"]), int(token["most"] or token["least"])
    if last not in {"plain", "set", "digit"} or least > most or most > LONGEST_REPEAT:
        return f"重复只能跟在一个字或一组字后面，最多{LONGEST_REPEAT}次。", 0
    return "", most - least + 1


def _unknown(character: str) -> str:
    if character in "*+":
        return "不能用没有上限的重复（* 和 +）；请用“~8”这样的间隔，或{1,4}这样有上限的重复。"
    return f"不认识的写法“{character}”；可用词语、(?:甲|乙)、<词类>、~间隔、[字组]、问号。"


def _tried(parts: list[str]) -> str:
    try:
        expression = compiled(parts)
    except re.error:
        return "括号没有配对，或写法不完整。"
    if expression.match(""):
        return "什么都不写也会命中，请写上一定要出现的词语。"
    for text in _worst_texts(parts):
        begun = time.process_time()
        for _ in expression.finditer(text):
            pass
        if time.process_time() - begun > SLOWEST:
            return "在长句子上算得太慢，会拖住所有人的消息。请缩短间隔或减少选择。"
    return ""


def _worst_texts(parts: list[str]) -> Iterator[str]:
    """Long texts that keep a search busy: the first characters over and over, all parts but the last, one character only."""
    firsts = [words for part in parts if (words := _sample(part))]
    yield "啊" * STRESS
    for piece in ("".join(firsts[:-1]) or firsts[0], firsts[0], "".join(firsts)):
        yield (piece * STRESS)[:STRESS]
    yield ((firsts[0] + "啊" * 6) * STRESS)[:STRESS]


def _sample(part: str) -> str:
    """Words that a part may begin with; empty for a gap."""
    if GAP.match(part):
        return ""
    if found := re.match(r"<([a-z_]+)>", part):
        return classes()[found[1]][-1]
    return re.sub(r"[^\w]", "", part.split("|", maxsplit=1)[0]) or "啊"
