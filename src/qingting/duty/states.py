"""States of presence, waiting entries and offers, as data."""

from django.db.models import TextChoices


class PresenceState(TextChoices):
    READY = "READY", "可接入"
    NOT_READY = "NOT_READY", "示忙"
    BREAK = "BREAK", "小休"
    WRAP_UP = "WRAP_UP", "话后处理"
    OFFLINE = "OFFLINE", "离线"


class EntryState(TextChoices):
    WAITING = "WAITING", "排队中"
    OFFERED = "OFFERED", "正在分配"
    TAKEN = "TAKEN", "已接入"
    LEFT = "LEFT", "已离开"


class OfferState(TextChoices):
    OPEN = "OPEN", "待接受"
    ACCEPTED = "ACCEPTED", "已接受"
    DECLINED = "DECLINED", "已谢绝"
    EXPIRED = "EXPIRED", "未应答"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class Skill(TextChoices):
    PSYCHOLOGY = "PSYCHOLOGY", "心理"
    LAW = "LAW", "法律"
    GENERAL = "GENERAL", "综合"
    CANTONESE = "CANTONESE", "粤语"
    ENGLISH = "ENGLISH", "英语"


# Code of a language → the skill of whoever speaks it.
SPEAKS = {"yue": Skill.CANTONESE, "en": Skill.ENGLISH}

# Lower is served first. A danger sign moves an entry up; nothing moves it down.
PRIORITY = {"CRITICAL": 0, "URGENT": 1, "ROUTINE": 4, "": 5}
