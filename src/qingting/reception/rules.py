"""What the machine may do and say, as pure functions: when it attends, what a wish for a person sounds like, its sentences,
and whether a model's wording stays within the reviewed text."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from qingting.core.time import local
from qingting.reception.states import Reason, Said

DATA = Path(__file__).with_name("data")
SILENT_FROM = frozenset({"URGENT", "CRITICAL"})  # from 紧急 on only safety words and the way to a person (R-C3)
LONGEST_WORDING = 400
SHARED = 0.5  # of the character pairs of a sentence, how many must be in the reviewed text
NUMBERS_ALLOWED = frozenset({"110", "120", "12355", "12356", "12110"})

_PERSON = re.compile(
    r"(?i)找(个|個|一?下)?(真?人|老师|咨询师|客服)|转?人工|真人|(要|想|能不能|可以)(跟|和|找)(真?人|老师|咨询师)|(叫|喊)(个|一下)?(人|老师)"
    r"|有(真?人|老师|老師)(在)?(吗|么|嗎)|不(想|要)(跟|和)机器|轉人工|[搵揾]人|real person|human being|(want|need|talk to|speak to) (a |some)(person|one|body|human)"
)

_HELLO = re.compile(
    r"[你您]们?好|在(吗|么|不在?|嘛)?|哈[喽罗啰]|嗨|hi|hello|hey|喂|晚上好|早上好|下午好|晚安|老师好", re.IGNORECASE
)
_THANKS = re.compile(
    r"(好|好的|好吧|嗯+|哦+|噢|行|可以|知道了|明白了?|懂了|收到|ok|okay|谢+|谢谢你?您?|多谢|唔该|拜拜|再见)",
    re.IGNORECASE,
)
_NOT = re.compile(r"[不别没勿莫]([\u3400-\u9fff]{2})")
_TAIL = "，。！!？?~～…、.　 啊呀哈呢哦吧了"


@dataclass(frozen=True, slots=True)
class Reply:
    """kind: what sort of thing it is; text: as said; articles: ids of the sources, the told one first."""

    kind: Said
    text: str
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """The window of a station on the clocks of China; it may run over midnight."""

    on: bool
    begins: time
    ends: time


def is_night(hours: Hours, at: datetime) -> bool:
    """Whether `at` lies in the window; its end no longer does."""
    clock = local(at).time()
    if not hours.on or hours.begins == hours.ends:
        return False
    if hours.begins < hours.ends:
        return hours.begins <= clock < hours.ends
    return clock >= hours.begins or clock < hours.ends


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides whether the machine attends. ready: people at seats who could take somebody; waited: since the start."""

    night: bool
    ready: int
    down: bool
    waited: timedelta
    patience: timedelta
    when_busy: bool = True


def reason_for(now: Situation) -> Reason | None:
    """Why the machine attends now; None while a person is likely to come first."""
    if now.down:
        return Reason.DOWN
    patient = now.waited < now.patience
    if now.night and not (now.ready and patient):
        return Reason.NIGHT
    if now.when_busy and not patient:
        return Reason.BUSY
    return None


def wants_person(text: str) -> bool:
    """Whether somebody asks for a person."""
    return bool(_PERSON.search(text))


def small_talk(text: str) -> Reply | None:
    """What to say to somebody who only greets or thanks: that is no question, and "I don't know" would be no answer."""
    words = text.strip(_TAIL)
    for name, pattern in (("hello", _HELLO), ("thanks", _THANKS)):
        if pattern.fullmatch(words):
            return Reply(Said.GREETING, sentence("small", name))
    return None


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((DATA / "sentences.toml").read_text("utf-8"))


def sentence(group: str, name: str) -> str:
    """One of the machine's sentences."""
    return _sentences()[group][name]


def greeting(reason: str) -> str:
    """Says that it is a machine, why it is here, and the ways to a person."""
    return f"{sentence('greeting', reason)}\n{sentence('greeting', 'ways')}"


def safety(level: str, *, again: bool) -> str:
    """Safety words and the way to a person, and nothing else."""
    if again:
        return sentence("safety", "again")
    return f"{sentence('safety', level)}\n{sentence('safety', 'ways')}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that was found: title, summary, how well it fits, whether it may be an answer, and whether the only one."""

    article_id: int
    title: str
    summary: str
    strength: float
    known: bool
    clear: bool = False


def reply_to(found: list[Candidate]) -> Reply:
    """The answer from what was found. One article is told with its source; a doubtful one is offered among others; nothing
    that fits is said to be unknown."""
    known = [candidate for candidate in found if candidate.known]
    if not known:
        return Reply(Said.UNKNOWN, sentence("unknown", "words"))
    best = known[0]
    if is_clear(found):
        source = sentence("answer", "source").format(title=best.title)
        text = f"{sentence('answer', 'begin')}\n{best.summary}\n{source}\n{sentence('answer', 'ways')}"
        return Reply(Said.ANSWER, text, (best.article_id,))
    titles = "\n".join(
        sentence("answer", "offer").format(title=candidate.title, summary=candidate.summary) for candidate in known[:3]
    )
    text = f"{sentence('answer', 'maybe')}\n{titles}\n{sentence('answer', 'ways')}"
    return Reply(Said.ANSWER, text, tuple(candidate.article_id for candidate in known[:3]))


def plainer(wording: str, title: str, article_id: int) -> Reply:
    """A model's words for the article that was told already, checked before. They come after the answer, never instead of it."""
    source = sentence("answer", "source").format(title=title)
    return Reply(Said.ANSWER, f"{sentence('answer', 'plainer')}\n{wording}\n{source}", (article_id,))


def is_clear(found: list[Candidate]) -> bool:
    """Whether one article fits so much better than the others that it is told alone."""
    return bool(found) and found[0].clear


def within(wording: str, source: str) -> str:
    """What of a model's words may be said: the sentences that stay within the reviewed text, '' where the whole may not. A sentence is
    dropped for a number that is not in the text, for words that mostly are not, and for saying without its "not" what the text only
    says with one. The whole is dropped where it is too long, names an address, or loses more than half of what it said."""
    words = wording.strip()
    if not words or len(words) > LONGEST_WORDING or re.search(r"https?:|www\.|@", words):
        return ""
    said = [sentence for sentence in re.findall(r"[^。！？!?\n]+[。！？!?]*", words) if sentence.strip()]
    kept = [sentence.strip() for sentence in said if _from(sentence, source)]
    return "".join(kept) if 2 * sum(map(len, kept)) > len("".join(said)) else ""


def _from(sentence: str, source: str) -> bool:
    if not set(re.findall(r"\d{3,}", sentence)) <= set(re.findall(r"\d{3,}", source)) | NUMBERS_ALLOWED:
        return False
    pairs = _pairs(sentence)
    shared = sum(pair in source for pair in pairs)
    return bool(pairs) and shared / len(pairs) >= SHARED and not _turned_round(sentence, source)


def _turned_round(sentence: str, source: str) -> bool:
    """Whether something stands here without a "not" that the source says only with one."""
    denied = {core for core in _NOT.findall(source) if not re.search(f"(?<![不别没勿莫]){core}", source)}
    return any(re.search(f"(?<![不别没勿莫再要能]){core}", sentence) for core in denied)


def _pairs(text: str) -> list[str]:
    runs = re.findall(r"[\u3400-\u9fff]+", text)
    return [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


_LEVELS = ("", "ROUTINE", "URGENT", "CRITICAL")


def graver(level: str, other: str) -> bool:
    """Whether `level` is graver than `other` ('' is none)."""
    return _LEVELS.index(level) > _LEVELS.index(other)
