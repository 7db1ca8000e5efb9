"""The questions of the structured assessment (R-C2) and their possible answers, as data."""

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
