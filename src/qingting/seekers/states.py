"""What is recorded of a person comes in these kinds; stored codes in English, labels as people see them."""

from django.db.models import TextChoices


class DatumKind(TextChoices):
    NAME = "NAME", "姓名"
    PHONE = "PHONE", "电话"
    ID_NUMBER = "ID_NUMBER", "身份证号"
    WECHAT = "WECHAT", "微信号"
    ADDRESS = "ADDRESS", "地址"
    SCHOOL = "SCHOOL", "学校"
    GUARDIAN_NAME = "GUARDIAN_NAME", "监护人姓名"
    GUARDIAN_PHONE = "GUARDIAN_PHONE", "监护人电话"


# What finds a person again; looked up through the blind index.
FINDABLE = frozenset({DatumKind.PHONE, DatumKind.ID_NUMBER, DatumKind.WECHAT, DatumKind.NAME, DatumKind.GUARDIAN_PHONE})


class AgeBand(TextChoices):
    UNDER_6 = "UNDER_6", "6岁以下"
    FROM_6_TO_11 = "FROM_6_TO_11", "6–11岁"
    FROM_12_TO_13 = "FROM_12_TO_13", "12–13岁"
    FROM_14_TO_17 = "FROM_14_TO_17", "14–17岁"
    FROM_18_TO_24 = "FROM_18_TO_24", "18–24岁"
    FROM_25_TO_34 = "FROM_25_TO_34", "25–34岁"
    FROM_35 = "FROM_35", "35岁及以上"


UNDER_14 = frozenset({AgeBand.UNDER_6, AgeBand.FROM_6_TO_11, AgeBand.FROM_12_TO_13})
MINOR = UNDER_14 | {AgeBand.FROM_14_TO_17}


class Gender(TextChoices):
    FEMALE = "FEMALE", "女"
    MALE = "MALE", "男"
    OTHER = "OTHER", "其他"


class SpecialGroup(TextChoices):
    LEFT_BEHIND = "LEFT_BEHIND", "留守儿童"
    MIGRANT_FAMILY = "MIGRANT_FAMILY", "流动、随迁子女"
    DISABLED = "DISABLED", "残疾青少年"
    IN_DIFFICULTY = "IN_DIFFICULTY", "困境儿童"
    REGISTERED_POOR = "REGISTERED_POOR", "建档立卡家庭"
    ORPHAN = "ORPHAN", "孤儿"
    SINGLE_PARENT = "SINGLE_PARENT", "单亲家庭"
    IN_CONFLICT_WITH_LAW = "IN_CONFLICT_WITH_LAW", "涉罪未成年人"
    OUT_OF_SCHOOL_AND_WORK = "OUT_OF_SCHOOL_AND_WORK", "闲散青少年"


class ConsentBasis(TextChoices):
    SELF = "SELF", "本人同意"
    GUARDIAN = "GUARDIAN", "监护人同意"
    LIFE_AT_STAKE = "LIFE_AT_STAKE", "紧急情况下保护生命安全"
    STATUTE = "STATUTE", "法律规定（强制报告）"


class UnmaskReasonCode(TextChoices):
    """Why somebody looks behind the mask. OTHER needs words."""

    LIFE_AT_STAKE = "LIFE_AT_STAKE", "紧急救助，联系本人或监护人"
    CALL_BACK = "CALL_BACK", "回拨、继续服务"
    HANDLE_ORDER = "HANDLE_ORDER", "办理工单"
    HAND_OFF = "HAND_OFF", "向联动单位转介"
    VERIFY = "VERIFY", "核对登记是否正确"
    FOLLOW_UP = "FOLLOW_UP", "回访"
    OTHER = "OTHER", "其他（请写明）"


class OpeningReason(TextChoices):
    """Why somebody opens the growth file of a person who is not theirs. OTHER needs words."""

    LIFE_AT_STAKE = "LIFE_AT_STAKE", "紧急救助"
    RETURNING = "RETURNING", "本人再次来访，需要了解以前的帮助"
    COVERING = "COVERING", "代同事值守、交接"
    SUPERVISING = "SUPERVISING", "督导、审核、质检"
    COMPLAINT = "COMPLAINT", "处理投诉或本人查询"
    SAME_PERSON = "SAME_PERSON", "核对是否同一个人"
    OTHER = "OTHER", "其他（请写明）"


# Data about the person, as against data about the guardian, whom one has to reach to ask for consent.
OF_THE_PERSON = frozenset(DatumKind) - {DatumKind.GUARDIAN_NAME, DatumKind.GUARDIAN_PHONE}

# On these grounds data of a child under 14 may be kept: the guardian's consent (PIPL Art. 31), or without it where life is at
# stake or the law asks for the report (Art. 13 (4) and (3)). The child's own consent alone is not enough.
SUFFICES_UNDER_14 = frozenset({ConsentBasis.GUARDIAN, ConsentBasis.LIFE_AT_STAKE, ConsentBasis.STATUTE})
