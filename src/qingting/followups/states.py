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
MOST_ATTEMPTS = 3


class Helped(TextChoices):
    YES = "YES", "有帮助"
    PARTLY = "PARTLY", "有一些帮助"
    NO = "NO", "没有帮助"


class Means(TextChoices):
    PHONE = "PHONE", "电话"
    CHAT = "CHAT", "在线"
    VISIT = "VISIT", "上门"


# A rating this low, or an answer of 没有帮助, is looked at by somebody who may close the case.
LOW_SCORE = 2
INVITATION_DAYS = 30
SCORES = {1: "很不满意", 2: "不太满意", 3: "一般", 4: "满意", 5: "很满意"}


# What the caller says, step by step; a station may word it in its own way.
SCRIPT = [
    "您好，我是12355的回访员，和之前帮助您的同事不是同一个人。现在方便说话吗？身边安全吗？",
    "之前您遇到的事，现在怎么样了？",
    "答应您的事都做到了吗？哪些有帮助，哪些没有？",
    "现在还有没有让您担心或害怕的事？需要我们再做点什么？",
    "以后任何时候都可以打12355。有危险请先打110或120。",
]

# What a notice says to whoever gets it.
NOTICES = {
    "followups.planned": "有一位来访者需要回访",
    "followups.low-rating": "本人评价较低，请查看个案",
}
