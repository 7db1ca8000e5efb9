"""A draft's way to its measuring: opened on the version in use, changed line by line by who proposed it, submitted."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.lexicon import events, measures, rules, selectors
from qingting.lexicon.models import LexiconVersion
from qingting.lexicon.permissions import PROPOSE
from qingting.lexicon.states import DAYS, MOVES, VersionKind, VersionState
from qingting.screening import TYPES
from qingting.screening.guards import changeable
from qingting.screening.lexicon import shipped_classes


@transaction.atomic
def open_draft(*, actor: Actor, at: datetime) -> LexiconVersion:
    """A draft on top of the version in use. One version at a time is in work: a second one would be measured on nothing."""
    actor.require(PROPOSE, actor.organisation_id)
    base = selectors.active_version(actor.organisation_id)
    return created(actor, base, content=base.content if base else rules.written({}), kind=VersionKind.CHANGE, at=at)


def created(
    actor: Actor, base: LexiconVersion | None, *, content: str, kind: str, at: datetime, **more: Any
) -> LexiconVersion:
    """A new version of the actor's organisation, numbered after the last one."""
    own = LexiconVersion.objects.filter(organisation_id=actor.organisation_id)
    number = (own.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    try:
        with transaction.atomic():
            version = LexiconVersion.objects.create(
                organisation_id=actor.organisation_id,
                province=actor.province,
                number=number,
                kind=kind,
                base=base,
                content=content,
                checksum=rules.checksum(content),
                proposed_by_account_id=actor.account_id,
                proposed_at=at,
                **more,
            )
    except IntegrityError as error:
        raise DomainError(
            "已经有一版正在起草、评测或待复核。",
            code="lexicon.version.open",
            do_next="请先把那一版做完，或由起草人撤回。",
        ) from error
    publish(events.VersionProposed(**version.facts(), kind=kind), actor=actor, at=at)
    return version


def moved(version: LexiconVersion, act: str, **fields: Any) -> LexiconVersion:
    """The version after an act, by a conditional update; refused where its state does not allow it."""
    state = MOVES.get((VersionState(version.state), act))
    same = LexiconVersion.objects.filter(pk=version.pk, state=version.state)
    if state is None or not same.update(state=state, **fields):
        raise DomainError(
            f"这一版现在是“{VersionState(version.state).label}”，不能这样做。",
            code="lexicon.version.wrong-state",
            do_next="请刷新页面查看最新情况。",
        )
    version.refresh_from_db()
    return version


def own_draft(actor: Actor, version_id: int, *states: str) -> LexiconVersion:
    """The actor's own version in one of these states, locked."""
    actor.require(PROPOSE, actor.organisation_id)
    version = selectors.version_for(actor, version_id)
    version = LexiconVersion.objects.select_for_update().get(pk=version.pk)
    if version.proposed_by_account_id != actor.account_id:
        raise DomainError(
            "这一版由另一位同事起草。", code="lexicon.version.not-yours", do_next="请起草人修改，或等它结束后另起一版。"
        )
    if version.state not in states:
        raise DomainError(
            f"这一版现在是“{VersionState(version.state).label}”，不能修改。",
            code="lexicon.version.wrong-state",
            do_next="请刷新页面查看最新情况。",
        )
    return version


def _kept(version: LexiconVersion, content: rules.Content, actor: Actor, at: datetime) -> LexiconVersion:
    version.content = rules.written(content)
    version.checksum = rules.checksum(version.content)
    version.save(update_fields=["content", "checksum"])
    publish(events.VersionChanged(**version.facts(), checksum=version.checksum), actor=actor, at=at)
    return version


@transaction.atomic
def change(*, actor: Actor, version_id: int, line: dict[str, str], at: datetime) -> LexiconVersion:
    """One line more in the draft. line: {"kind": "word", "place": class, "word", "act": ADDED or WITHDRAWN}, {"kind":
    "guard", "place": "guard:key", "word"}, or {"kind": "sentence", "text", "type"}."""
    version = own_draft(actor, version_id, VersionState.DRAFT)
    content = selectors.content_of(version)
    return _kept(version, _LINES.get(line.get("kind", ""), _unknown)(content, line), actor, at)


def _unknown(content: rules.Content, line: dict[str, str]) -> rules.Content:
    raise Invalid("请选择要改什么。", code="lexicon.line.kind", do_next="词语、例外或试读句。")


def _with_word(content: rules.Content, line: dict[str, str]) -> rules.Content:
    name, word, present = line.get("place", ""), rules.plain(line.get("word", "")), line.get("act") != "WITHDRAWN"
    wrong = rules.word_problem(word)
    if name not in shipped_classes() or wrong:
        raise Invalid(wrong or "请选择词类。", code="lexicon.line.word", do_next="改好后再加。", fields={"word": wrong})
    if rules.word_stands(content, name, word) is present:
        said = "已经在这个词类里了。" if present else "这个词类里没有这个词。"
        raise Invalid(said, code="lexicon.line.no-change", do_next="换一个词，或换一个词类。", fields={"word": said})
    return rules.with_word(content, name, word, present=present)


def _with_guard(content: rules.Content, line: dict[str, str]) -> rules.Content:
    guard, _, key = line.get("place", "").partition(":")
    word = rules.plain(line.get("word", ""))
    wrong = rules.word_problem(word)
    if key not in changeable().get(guard, ()) or wrong:
        raise Invalid(
            wrong or "请选择例外。", code="lexicon.line.guard", do_next="改好后再加。", fields={"word": wrong}
        )
    return rules.with_guard_word(content, guard, key, word, present=True)


def _with_sentence(content: rules.Content, line: dict[str, str]) -> rules.Content:
    text, type_ = line.get("text", "").strip(), line.get("type", "")
    if not 2 <= len(text) <= rules.LONGEST_SENTENCE or type_ not in {"", *TYPES}:
        said = f"写2到{rules.LONGEST_SENTENCE}个字的一句话，并选它该怎么读。"
        raise Invalid(said, code="lexicon.line.sentence", do_next="改好后再加。", fields={"text": said})
    if len(content.get("sentences", ())) >= rules.MOST_SENTENCES:
        raise Invalid(f"试读句最多{rules.MOST_SENTENCES}句。", code="lexicon.line.too-many", do_next="先去掉几句。")
    return rules.with_sentence(content, text, type_)


_LINES = {"word": _with_word, "guard": _with_guard, "sentence": _with_sentence}


@transaction.atomic
def change_rule(*, actor: Actor, version_id: int, row: dict[str, Any], at: datetime) -> LexiconVersion:
    """A rule, new or altered, with the sentences it must see and those it must leave alone (fields as in data/rules)."""
    version = own_draft(actor, version_id, VersionState.DRAFT)
    content = selectors.content_of(version)
    wrong = rules.rule_problems(row, rules.rule_in(content, row["id"]))
    if wrong:
        raise Invalid("有几处需要改一下。", code="lexicon.rule.invalid", do_next="按提示修改。", fields=wrong)
    return _kept(version, rules.with_rule(content, row), actor, at)


@transaction.atomic
def withdraw_rule(*, actor: Actor, version_id: int, rule_id: str, at: datetime) -> LexiconVersion:
    """The draft without this rule."""
    version = own_draft(actor, version_id, VersionState.DRAFT)
    content = selectors.content_of(version)
    if rules.rule_in(content, rule_id) is None:
        raise Invalid("没有这条规则。", code="lexicon.rule.unknown", do_next="请从规则列表里选择。")
    return _kept(version, rules.without_rule(content, rule_id), actor, at)


@transaction.atomic
def take_back(*, actor: Actor, version_id: int, key: str, at: datetime) -> LexiconVersion:
    """Undo one line of the draft: it stands again as in the version underneath."""
    version = own_draft(actor, version_id, VersionState.DRAFT)
    base, content = selectors.content_of(version.base), selectors.content_of(version)
    if key not in {line.key for line in rules.difference(base, content)}:
        raise Invalid("这一条已经不在草稿里了。", code="lexicon.line.gone", do_next="请刷新页面查看。")
    return _kept(version, rules.carried(base, content, key), actor, at)


@transaction.atomic
def submit(*, actor: Actor, version_id: int, words: str, days: int, at: datetime) -> LexiconVersion:
    """Have the draft measured. Its own test sentences must come out right, and the reason must be said."""
    version = own_draft(actor, version_id, VersionState.DRAFT)
    base = selectors.active_version(version.organisation_id)
    content = selectors.content_of(version)
    if version.base_id != (base.pk if base else None):
        content = rules.rebased(selectors.content_of(version.base), content, selectors.content_of(base))
        version.base = base
    _check(selectors.content_of(base), content, words, days)
    version.content = rules.written(content)
    version.checksum = rules.checksum(version.content)
    version.save(update_fields=["content", "checksum", "base"])
    moved(
        version,
        "submit",
        words=words.strip()[:300],
        days=days,
        submitted_at=at,
        measures=measures.nothing_yet(),
        done=0,
        total=0,
        refused_words="",
    )
    publish(events.VersionSubmitted(**version.facts(), checksum=version.checksum), actor=actor, at=at)
    return version


def _check(base: rules.Content, content: rules.Content, words: str, days: int) -> None:
    if not rules.difference(base, content):
        raise DomainError("草稿和现在用的一样。", code="lexicon.version.empty", do_next="先加一条修改。")
    if len(words.strip()) < 4 or days not in DAYS:
        said = "写一句为什么要改。"
        raise Invalid(
            said, code="lexicon.version.words", do_next="例如：有三位来访者这样说，没有标出来。", fields={"words": said}
        )
    if rules.missing_sentences(base, content):
        raise DomainError(
            "还缺试读句。",
            code="lexicon.version.sentences",
            do_next="至少写一句改了以后必须认出的，一句像但不是危险的。",
        )
    wrong = [row.text for row in rules.tried(content) if not row.right]
    if wrong:
        raise DomainError(
            f"有{len(wrong)}句试读句的结果不对。",
            code="lexicon.version.sentence-wrong",
            do_next="看下面标出的句子，改规则或改句子。",
        )


@transaction.atomic
def reopen(*, actor: Actor, version_id: int, at: datetime) -> LexiconVersion:
    """Work on after the evaluation refused it."""
    version = moved(own_draft(actor, version_id, VersionState.REFUSED), "reopen")
    publish(events.VersionChanged(**version.facts(), checksum=version.checksum), actor=actor, at=at)
    return version


@transaction.atomic
def withdraw(*, actor: Actor, version_id: int, at: datetime) -> LexiconVersion:
    """The one who proposed it gives it up; it stays in the history."""
    states = (VersionState.DRAFT, VersionState.REFUSED, VersionState.WAITING)
    version = moved(own_draft(actor, version_id, *states), "withdraw", decided_at=at)
    publish(events.VersionWithdrawn(**version.facts()), actor=actor, at=at)
    return version
