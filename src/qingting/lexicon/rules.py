"""The content of a version: what it changes of the shipped rules and words. Pure: no Django, no clock, no database.

A content is a dict: {"words": {class: {"added": [], "withdrawn": []}}, "rules": {id: fields or None}, "guards": {guard:
{key: []}}, "sentences": [{"text", "type"}]}; `type` is the danger that must be seen in a test sentence, '' where none may be.
Two contents are compared line by line; a line's key says where it stands, so that one line can be taken back or carried over.
"""

import copy
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qingting.lexicon.states import Act
from qingting.screening import LEVELS, TYPES, level_label, screen, type_label
from qingting.screening.editions import Edition, edition_from, reading
from qingting.screening.guards import changeable, mask_idioms
from qingting.screening.lexicon import shipped_classes
from qingting.screening.normalise import normalise
from qingting.screening.reading import judged
from qingting.screening.rules import Rule, rules, shipped_rules
from qingting.screening.safety import problem

Content = dict[str, Any]
SHORTEST_WORD, LONGEST_WORD = 2, 16
LONGEST_SENTENCE = 200
MOST_SENTENCES = 60
STRENGTHS = {"0.95": "几乎肯定", "0.85": "很可能", "0.7": "可能"}
OWN = "own."  # how ids of rules written here begin
_WORD = re.compile(r"[\w\U0001F300-\U0001FAFF·、]+")


GUARD_NAMES = {
    "idiom": "口头语、玩笑话",
    "joke": "玩笑",
    "media": "书里、剧里的",
    "past": "过去的事，已经好了",
    "far": "听说的、陌生人的",
    "inquiry": "办公、学习上的询问",
    "medical": "看病、照料",
    "accident": "意外、不小心",
    "treated": "正常吃药",
    "threat-talk": "大人的气话",
    "adult-birth": "大人怀孕",
    "found": "已经找到",
    "public": "议论社会新闻",
    "journey": "出门旅行",
    "leisure": "游玩",
    "milestone": "毕业、离职等告别",
    "rest": "睡懒觉、休息",
    "decoration": "彩绘、贴纸",
    "surprise": "惊喜、礼物",
    "vent": "发泄的话",
    "habit": "经常，不是现在",
    "negation": "否认（不、没有）",
    "negation-light": "否认（轻）",
}


def guard_name(guard: str) -> str:
    """A guard in words; its code where it has none."""
    return GUARD_NAMES.get(guard, guard)


def written(content: Content) -> str:
    """The content as text, the same for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(text: str) -> str:
    """SHA-256 of a content's text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def edition_of(content: Content, id_: int) -> Edition:
    """What texts are read with under this content."""
    return edition_from(written(content), id_)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference between two contents. key: where it stands; act: what was done; place: class, rule or guard, in words;
    before, after: what stood there and what stands now, in words, '' for nothing."""

    key: str
    act: str
    place: str
    before: str
    after: str


def difference(before: Content, after: Content) -> list[Line]:
    """Every line in which `after` differs from `before`: rules, then words, guards, test sentences."""
    return [
        *_rule_lines(before, after),
        *_word_lines(before, after),
        *_guard_lines(before, after),
        *_said(before, after),
    ]


def _rule_lines(before: Content, after: Content) -> Iterator[Line]:
    for id_ in sorted({*before.get("rules", {}), *after.get("rules", {})}):
        was, now = rule_in(before, id_), rule_in(after, id_)
        if was != now:
            yield Line(f"rule:{id_}", _act(was, now), f"规则 {id_}", _rule_words(was), _rule_words(now))


def rule_in(content: Content, id_: str) -> dict[str, Any] | None:
    """The fields of a rule under a content, None where there is none."""
    changed = content.get("rules", {})
    if id_ in changed:
        row: dict[str, Any] | None = changed[id_]
        return row
    return next((fields(rule) for rule in shipped_rules() if rule.id == id_), None)


def fields(rule: Rule) -> dict[str, Any]:
    """A rule as a content stores it."""
    names = ("id", "type", "level", "owner", "strength")
    lists = ("guards", "patterns", "hits", "misses")
    return {**{name: getattr(rule, name) for name in names}, **{name: list(getattr(rule, name)) for name in lists}}


def _rule_words(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    head = f"{type_label(row['type'])} · {level_label(row['level'])} · 把握 {row['strength']}"
    guards = f"例外：{'、'.join(map(guard_name, row['guards']))}" if row["guards"] else "没有例外"
    return "\n".join([head, guards, *row["patterns"]])


def _act(was: object, now: object) -> str:
    return Act.ADDED if not was else Act.WITHDRAWN if not now else Act.CHANGED


def _word_lines(before: Content, after: Content) -> Iterator[Line]:
    for name in sorted({*before.get("words", {}), *after.get("words", {})}):
        for word in sorted({*_touched(before, name), *_touched(after, name)}):
            was, now = word_stands(before, name, word), word_stands(after, name, word)
            if was != now:
                yield Line(
                    f"word:{name}:{word}", _act(was, now), f"词类 {name}", word if was else "", word if now else ""
                )


def _touched(content: Content, name: str) -> list[str]:
    row = content.get("words", {}).get(name, {})
    return [*row.get("added", ()), *row.get("withdrawn", ())]


def word_stands(content: Content, name: str, word: str) -> bool:
    """Whether a word belongs to a class under a content."""
    row = content.get("words", {}).get(name, {})
    return word in row.get("added", ()) or (word in shipped_classes()[name] and word not in row.get("withdrawn", ()))


def _guard_lines(before: Content, after: Content) -> Iterator[Line]:
    for guard, keys in sorted(changeable().items()):
        for key in keys:
            was, now = _guard_words(before, guard, key), _guard_words(after, guard, key)
            for word in sorted({*was} ^ {*now}):
                act = Act.ADDED if word in now else Act.WITHDRAWN
                shown = (word if word in was else "", word if word in now else "")
                yield Line(f"guard:{guard}:{key}:{word}", act, f"例外：{guard_name(guard)}（{KEYS[key]}）", *shown)


KEYS = {"when": "出现就不算危险", "unless": "出现就照样算", "spans": "整段当作口头语"}


def _guard_words(content: Content, guard: str, key: str) -> list[str]:
    found: list[str] = content.get("guards", {}).get(guard, {}).get(key, [])
    return found


def _said(before: Content, after: Content) -> Iterator[Line]:
    was, now = _expected(before), _expected(after)
    for text in sorted({*was, *now}):
        if was.get(text) != now.get(text):
            shown = tuple(f"{text} → {wanted(kinds[text])}" if text in kinds else "" for kinds in (was, now))
            yield Line(f"sentence:{text}", _act(text in was, text in now), "试读句", *shown)


def _expected(content: Content) -> dict[str, str]:
    return {row["text"]: row["type"] for row in content.get("sentences", ())}


def wanted(type_: str) -> str:
    """What a test sentence must be read as, in words."""
    return f"必须认出{type_label(type_)}" if type_ else "不许认作危险"


def carried(source: Content, target: Content, key: str) -> Content:
    """`target` with the one line `key` as it stands in `source`. Taking a line back is carrying it over from the base."""
    kind, _, rest = key.partition(":")
    if kind == "rule":
        return _with_rule(target, rest, rule_in(source, rest))
    if kind == "word":
        name, _, word = rest.partition(":")
        return with_word(target, name, word, present=word_stands(source, name, word))
    if kind == "guard":
        guard, name, word = rest.split(":", 2)
        return with_guard_word(target, guard, name, word, present=word in _guard_words(source, guard, name))
    return with_sentence(target, rest, _expected(source).get(rest))


def rebased(base: Content, content: Content, onto: Content) -> Content:
    """What `content` changes of `base`, done to `onto`."""
    for line in difference(base, content):
        onto = carried(content, onto, line.key)
    return onto


def _with_rule(content: Content, id_: str, row: dict[str, Any] | None) -> Content:
    changed = copy.deepcopy(content)
    shipped = next((fields(rule) for rule in shipped_rules() if rule.id == id_), None)
    kept = changed.setdefault("rules", {})
    kept.pop(id_, None)
    if row != shipped:
        kept[id_] = row
    return changed


def with_rule(content: Content, row: dict[str, Any]) -> Content:
    """The content with this rule in it, new or changed."""
    return _with_rule(content, row["id"], row)


def without_rule(content: Content, id_: str) -> Content:
    """The content with a rule withdrawn."""
    return _with_rule(content, id_, None)


def with_word(content: Content, name: str, word: str, *, present: bool) -> Content:
    """The content with a word in a class, or out of it."""
    changed = copy.deepcopy(content)
    row = changed.setdefault("words", {}).setdefault(name, {"added": [], "withdrawn": []})
    shipped = word in shipped_classes()[name]
    for key, wanted_there in (("added", present and not shipped), ("withdrawn", shipped and not present)):
        row[key] = sorted({*row[key], word} if wanted_there else {*row[key]} - {word})
    return changed


def with_guard_word(content: Content, guard: str, key: str, word: str, *, present: bool) -> Content:
    """The content with a word added to a guard, or taken back. The shipped words of guards stay."""
    changed = copy.deepcopy(content)
    row = changed.setdefault("guards", {}).setdefault(guard, {})
    row[key] = sorted({*row.get(key, []), word} if present else {*row.get(key, [])} - {word})
    return changed


def with_sentence(content: Content, text: str, type_: str | None) -> Content:
    """The content with a test sentence: the danger it must show, '' for none, None to take it out."""
    changed = copy.deepcopy(content)
    kept = [row for row in changed.get("sentences", ()) if row["text"] != text]
    changed["sentences"] = kept if type_ is None else [*kept, {"text": text, "type": type_}]
    return changed


def word_problem(word: str) -> str:
    """Why a word may not stand in a class or guard; '' where it may."""
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD or not _WORD.fullmatch(word):
        return f"写{SHORTEST_WORD}到{LONGEST_WORD}个字的词，不带空格和标点。"
    return ""


def plain(word: str) -> str:
    """A word as the rules read it: simplified, unified."""
    return normalise(word.strip()).text


def rule_problems(row: dict[str, Any], before: dict[str, Any] | None) -> dict[str, str]:
    """What is wrong with a rule, by field. Patterns that stood there before are not asked again."""
    wrong = {}
    if not re.fullmatch(r"[a-z-]+(\.[a-z-]+)+", row["id"]):
        wrong["id"] = "编号用小写英文和点，例如 own.night-river。"
    if row["type"] not in TYPES or row["level"] not in LEVELS or (str(row["strength"]) not in STRENGTHS and not before):
        wrong["type"] = "请选择类型、等级和把握。"
    known = set(before["patterns"]) if before else set()
    bad = [said for pattern in row["patterns"] if pattern not in known and (said := problem(pattern))]
    if bad or not row["patterns"]:
        wrong["patterns"] = bad[0] if bad else "至少写一条写法。"
    if not row["hits"] or not row["misses"]:
        wrong["hits"] = "至少写一句必须认出的、一句像但不是的。"
    if any(len(text) > LONGEST_SENTENCE for text in [*row["hits"], *row["misses"]]):
        wrong["hits"] = f"每句不超过{LONGEST_SENTENCE}个字。"
    return wrong


@dataclass(frozen=True, slots=True)
class Tried:
    """A test sentence as a content reads it. wanted: in words; right: whether it came so; found: what was seen."""

    text: str
    wanted: str
    right: bool
    found: str


def tried(content: Content) -> list[Tried]:
    """Every test sentence of a content, and those of the rules it changes, read with it; the wrong ones first."""
    with reading(edition_of(content, -1)):
        rows = [_tried_sentence(row["text"], row["type"]) for row in content.get("sentences", ())]
        changed = [rule for rule in rules() if content.get("rules", {}).get(rule.id)]
        rows += [_tried_rule(rule, text, True) for rule in changed for text in rule.hits]
        rows += [_tried_rule(rule, text, False) for rule in changed for text in rule.misses]
    return sorted(rows, key=lambda row: row.right)


def _tried_sentence(text: str, type_: str) -> Tried:
    found = screen(text)
    right = type_ in found.types if type_ else not found.alert
    said = "、".join(f"{type_label(sign.type)}（{sign.why}）" for sign in found.signs[:3])
    return Tried(text, wanted(type_), right, said or "没有认出危险")


def _tried_rule(rule: Rule, text: str, must: bool) -> Tried:
    hit = rule.id in raised_by(text)
    return Tried(text, f"规则 {rule.id} {'必须' if must else '不许'}命中", hit is must, "命中" if hit else "没有命中")


def raised_by(text: str) -> set[str]:
    """Ids of the rules that speak for danger in a text, with the edition that is read now."""
    return {row.hit.rule.id for row in judged(mask_idioms(normalise(text).text)) if row.held_by is None}


def missing_sentences(base: Content, content: Content) -> bool:
    """Whether words or guards change and no new sentence of each kind shows what that is for."""
    lines = difference(base, content)
    if not any(line.key.startswith(("word:", "guard:")) for line in lines):
        return False
    new = [
        _expected(content)[line.key.partition(":")[2]]
        for line in lines
        if line.key.startswith("sentence:") and line.after
    ]
    shown = [row for row in content.get("rules", {}).values() if row]
    return not (shown or (any(new) and not all(new)))
