"""States and answers of a follow-up, as data."""

from django.db.models import TextChoices


class FollowUpState(TextChoices):
    DUE = "DUE", "待回访"
    DONE = "DONE", "已回访"
    UNREACHED = "UNREACHED", "多次未联系上"


MOVES = {
    (FollowUpState.DUE, "record"): FollowUpState.DONE,
    (FollowUpState.DUE, "attempt"): FollowUpState.DUE,
    (FollowUpState.DUE, "give_up"): FollowUpState.UNREACHED,
}
MOST_ATTEMPTS, SPACING_HOURS = 3, 4  # product defaults, where no rule says otherwise


class Helped(TextChoices):
    YES = "YES", "有帮助"
    PARTLY = "PARTLY", "有一些帮助"
    NO = "NO", "没有帮助"


class FollowUpKind(TextChoices):
    AFTER_WORK = "AFTER_WORK", "办结回访"
    TRACKING = "TRACKING", "长期跟踪"


class Channel(TextChoices):
    """How somebody is asked. LINK_FIRST: a message with their own link; a call only where no good answer comes back."""

    PHONE = "PHONE", "电话回访"
    LINK_FIRST = "LINK_FIRST", "先发短信链接，没有回音再电话"


class LowRating(TextChoices):
    """What a bad answer does."""

    REVIEW = "REVIEW", "请负责人查看"
    REOPEN = "REOPEN", "重新办理个案"


class Script(TextChoices):
    USUAL = "USUAL", "一般"
    CRISIS = "CRISIS", "危机个案"
    LEGAL = "LEGAL", "法律与权益"
    TRACKING = "TRACKING", "长期跟踪"


class PlanState(TextChoices):
    RUNNING = "RUNNING", "跟踪中"
    PAUSED = "PAUSED", "已暂停"
    ENDED = "ENDED", "已结束"


class Rhythm(TextChoices):
    """How often somebody is asked; the steps stand in RHYTHMS."""

    CLOSE = "CLOSE", "密切：每周一次一个月，每月一次半年，每季一次到两年"
    STEADY = "STEADY", "平稳：每月一次半年，每季一次到两年"
    LONG = "LONG", "长期：每季一次一年，每半年一次到五年"


# (days between contacts, how many of them), one after another. Product default, in the manner of the after-care that follows
# an attempt: close at first, wider as time goes by.
RHYTHMS: dict[str, tuple[tuple[int, int], ...]] = {
    Rhythm.CLOSE: ((7, 4), (30, 6), (91, 6)),
    Rhythm.STEADY: ((30, 6), (91, 6)),
    Rhythm.LONG: ((91, 4), (182, 8)),
}


class MessageState(TextChoices):
    WAITING = "WAITING", "等待发送"
    SENT = "SENT", "已发出"
    KEPT = "KEPT", "演示：留在发件箱"
    NOT_NEEDED = "NOT_NEEDED", "已不需要"
    FAILED = "FAILED", "没有发出"


MOST_RULES = 50


class Means(TextChoices):
    PHONE = "PHONE", "电话"
    CHAT = "CHAT", "在线"
    VISIT = "VISIT", "上门"
    LINK = "LINK", "本人链接"
    OTHER_DESK = "OTHER_DESK", "其他单位代为回访"


# A rating this low, or an answer of 没有帮助, is looked at by somebody who may close the case.
LOW_SCORE = 2
INVITATION_DAYS = 30
SCORES = {1: "很不满意", 2: "不太满意", 3: "一般", 4: "满意", 5: "很满意"}


_HELLO = "您好，我是12355的回访员，和之前帮助您的同事不是同一个人。现在方便说话吗？身边安全吗？"
_GOODBYE = "以后任何时候都可以打12355。有危险请先打110或120。"
# What the caller says, step by step, by script.
SCRIPTS: dict[str, list[str]] = {
    Script.USUAL: [
        _HELLO,
        "之前您遇到的事，现在怎么样了？",
        "答应您的事都做到了吗？哪些有帮助，哪些没有？",
        "现在还有没有让您担心或害怕的事？需要我们再做点什么？",
        _GOODBYE,
    ],
    Script.CRISIS: [
        _HELLO,
        "这几天睡得怎么样？吃饭、上学（上班）还顺利吗？",
        "有没有再出现不想活、想伤害自己的念头？（有：不要挂断，马上请值班长，按危机处置）",
        "难受的时候，身边有谁可以说说？安全计划还在手边吗？",
        "之前安排的面谈、就医都去了吗？需要换个时间或换个人吗？",
        _GOODBYE,
    ],
    Script.LEGAL: [
        _HELLO,
        "之前说的事，对方有没有履行？材料和期限都清楚吗？",
        "律师或工作人员讲的，有没有没听明白的地方？",
        "有没有人因为您求助为难您？现在还需要我们做什么？",
        _GOODBYE,
    ],
    Script.TRACKING: [
        "您好，我是12355的同事，之前和您约好过一段时间联系一次。现在方便吗？",
        "从上次联系到现在，过得怎么样？有什么好的变化？",
        "睡眠、情绪、上学（上班）和家里，有没有让您难受的地方？",
        "有没有再出现危险或想伤害自己的时候？（有：不要挂断，马上请值班长）",
        "下次什么时候联系比较方便？不想再联系也可以直接说。",
    ],
}

# What a notice says to whoever gets it.
NOTICES = {
    "followups.planned": "有一位来访者需要回访",
    "followups.low-rating": "本人评价较低，请查看个案",
    "followups.tracking": "有一份长期跟踪计划由您负责",
    "followups.other-desk-answered": "代为回访的单位有了结果，请核对后完成回访",
    "followups.other-desk-alarm": "代为回访的单位说本人情况变差或有新的危险，请立即联系本人",
    "followups.other-desk-refused": "对方没有接下代为回访，请另行安排",
}
