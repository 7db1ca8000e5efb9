"""The questions of the structured assessment (R-C2) and their possible answers, as data."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Ideation(TextChoices):
    NONE = "NONE", "没有"
    PASSIVE = "PASSIVE", "希望自己不在了，没想过怎么做"
    ACTIVE = "ACTIVE", "明确想结束生命"
    UNKNOWN = "UNKNOWN", "还没问到"


class Plan(TextChoices):
    NONE = "NONE", "没有计划"
    VAGUE = "VAGUE", "想过方式，不具体"
    CONCRETE = "CONCRETE", "有具体方式、地点"
    UNKNOWN = "UNKNOWN", "还没问到"


class Means(TextChoices):
    NONE = "NONE", "手边没有"
    OBTAINABLE = "OBTAINABLE", "可以拿到"
    AT_HAND = "AT_HAND", "就在手边"
    UNKNOWN = "UNKNOWN", "还没问到"


class Intent(TextChoices):
    NONE = "NONE", "不打算行动"
    UNSURE = "UNSURE", "犹豫、说不清"
    DETERMINED = "DETERMINED", "打算行动"
    UNKNOWN = "UNKNOWN", "还没问到"


class Timing(TextChoices):
    NONE = "NONE", "没有时间"
    LATER = "LATER", "一天以后"
    WITHIN_24_HOURS = "WITHIN_24_HOURS", "24小时之内"
    UNDER_WAY = "UNDER_WAY", "正在进行或刚刚实施"
    UNKNOWN = "UNKNOWN", "还没问到"


class PreviousAttempts(TextChoices):
    NONE = "NONE", "没有"
    OLDER = "OLDER", "三个月以前有过"
    RECENT = "RECENT", "三个月内有过"
    UNKNOWN = "UNKNOWN", "还没问到"


class HarmToOthers(TextChoices):
    NONE = "NONE", "没有"
    THOUGHTS = "THOUGHTS", "有念头"
    PLAN = "PLAN", "有计划或正准备实施"
    UNKNOWN = "UNKNOWN", "还没问到"


class Company(TextChoices):
    ALONE = "ALONE", "独自一人"
    WITH_SOMEONE = "WITH_SOMEONE", "身边有人"
    WITH_ABUSER = "WITH_ABUSER", "和伤害他的人在一起"
    UNKNOWN = "UNKNOWN", "还没问到"


class WhereaboutsSource(TextChoices):
    TOLD = "TOLD", "本人告知"
    GUARDIAN = "GUARDIAN", "家长、老师告知"
    NUMBER = "NUMBER", "号码归属地"
    NETWORK = "NETWORK", "网络位置"
    DEVICE = "DEVICE", "设备定位"
    GUESSED = "GUESSED", "从谈话中推断"


class CrisisStep(TextChoices):
    """The five steps of a crisis, in their order (接线评估 → 应急上报 → 启动联动 → 线上定位 → 现场救护)."""

    ASSESS = "ASSESS", "接线评估"
    REPORT = "REPORT", "应急上报"
    LINK = "LINK", "启动联动"
    LOCATE = "LOCATE", "线上定位"
    RESCUE = "RESCUE", "现场救护"


# What each step asks for, in words that fit beside a telephone.
STEP_WORDS: Mapping[str, str] = {
    "ASSESS": "直接问念头、计划、工具、时间；一直陪着说，不挂断。",
    "REPORT": "告诉值班长，请一位同事静默旁听，分好谁做什么。",
    "LINK": "一键流转110；受伤、吃药的，同时请120。",
    "LOCATE": "问清人在哪里；说不清的，请公安协助定位。",
    "RESCUE": "等到有人见到本人；向现场问清，再告诉本人下一步。",
}

UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Question:
    """label: what a list calls it; ask: words that can be read aloud; order: answers from the least to the most grave,
    without 还没问到; answers: what each one says."""

    label: str
    ask: str
    order: tuple[str, ...]
    answers: Mapping[str, str]


def _question(label: str, ask: str, choices: type[TextChoices], *order: str) -> Question:
    answers = {str(choice.value): str(choice.label) for choice in choices}
    return Question(label, ask, order or tuple(code for code in answers if code != UNKNOWN), answers)


# In the order in which a conversation usually comes to them. The words follow the structured interview of C-SSRS.
QUESTIONS: Mapping[str, Question] = {
    "ideation": _question("念头", "最近有没有特别难受，觉得不想活了，或者希望自己消失的时候？", Ideation),
    "plan": _question("计划", "有没有想过会怎么做、在哪里？", Plan),
    "means": _question("工具", "你想到的那些东西，现在拿得到吗？", Means),
    "intent": _question("打算", "你心里是打算去做，还是也在犹豫，有一点不想？", Intent),
    "timing": _question("时间", "有没有想过是什么时候？现在是不是已经做了什么？", Timing),
    "previous_attempts": _question("以往", "以前有没有过这样的时候，伤过自己？最近一次是什么时候？", PreviousAttempts),
    "harm_to_others": _question("对他人", "有没有气到或怕到，想去伤害谁？", HarmToOthers),
    "company": _question(
        "身边的人", "现在身边有人吗？和他在一起，你觉得安全吗？", Company, "WITH_SOMEONE", "ALONE", "WITH_ABUSER"
    ),
}


# The C-SSRS screener (Columbia-Suicide Severity Rating Scale, screen version with triage, Posner and others, Columbia
# University), in words that can be said aloud. 1 to 5 ask about the past month; 6 about the whole life, and the last three months.
CSSRS: Mapping[str, str] = {
    "wish_dead": "过去一个月里，你有没有希望自己死了，或者希望睡着以后不再醒来？",
    "thoughts": "过去一个月里，你有没有真的想过要结束自己的生命？",
    "method": "有没有想过会怎么做？",
    "intent": "有这些念头的时候，心里是不是有几分打算真的去做？",
    "plan": "有没有开始做准备，或者想好了具体怎么做、什么时候做，并且打算照着做？",
    "behaviour": "你这辈子有没有做过什么、开始做过什么，或准备过什么来结束生命？例如收药片、写遗书、走到高处又停下。",
}


class YesNo(TextChoices):
    NO = "NO", "没有"
    YES = "YES", "有"
    UNKNOWN = "UNKNOWN", "还没问到"


class Behaviour(TextChoices):
    NO = "NO", "没有"
    LIFETIME = "LIFETIME", "有，三个月以前"
    RECENT = "RECENT", "有，三个月以内"
    UNKNOWN = "UNKNOWN", "还没问到"


class CssrsRisk(TextChoices):
    NONE = "NONE", "没有阳性回答"
    LOW = "LOW", "低"
    MODERATE = "MODERATE", "中"
    HIGH = "HIGH", "高"


# The safety plan of Stanley and Brown (2012), six steps in their order: from what one can do alone to a safer place.
PLAN_STEPS: Mapping[str, tuple[str, str]] = {
    "signs": ("什么时候要用这份计划", "我怎么知道又要难受起来了：想法、心情、身体的感觉、发生的事"),
    "alone": ("我自己能做的", "不找别人，也能让我先撑一会儿的事：听歌、洗脸、画画、抱着枕头"),
    "distraction": ("能让我分心的人和地方", "不用说心里的事，只是待在一起、换个地方"),
    "people": ("可以告诉、会帮我的人", "名字、电话；从最容易开口的人写起"),
    "professionals": ("专业的帮助", "12355、12356、学校心理老师、医生；马上有危险打110、120"),
    "safety": ("让身边安全一点", "把药、刀、绳子交给谁，锁在哪里；晚上和谁待在一起"),
    "reason": ("对我最重要的、让我想活下去的", "一个人、一件事、一个小小的盼头"),
}

# What usually has to be done by somebody else than who talks.
TASKS = ("联系110并一直保持通话", "请120", "联系监护人", "联系学校", "查位置和登记信息", "记录每一步的时间")
