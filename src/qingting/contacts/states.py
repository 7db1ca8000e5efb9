"""States and code lists of a contact (R-B5)."""

from django.db.models import TextChoices


class ContactState(TextChoices):
    DRAFT = "DRAFT", "填写中"
    COMPLETED = "COMPLETED", "已登记"


MOVES = {
    (ContactState.DRAFT, "complete"): ContactState.COMPLETED,
    (ContactState.COMPLETED, "amend"): ContactState.COMPLETED,
}


class Channel(TextChoices):
    WEB = "WEB", "网页在线"
    PHONE = "PHONE", "电话"
    WECHAT = "WECHAT", "微信"
    MINI_PROGRAM = "MINI_PROGRAM", "小程序"
    WEIBO = "WEIBO", "微博"
    SMS = "SMS", "短信"
    LEFT_MESSAGE = "LEFT_MESSAGE", "留言"
    WALK_IN = "WALK_IN", "到站"
    OUTREACH = "OUTREACH", "外展"
    REFERRED = "REFERRED", "外单位转入"


class CallerKind(TextChoices):
    SELF = "SELF", "本人"
    PARENT = "PARENT", "家长"
    TEACHER = "TEACHER", "老师"
    FRIEND = "FRIEND", "同学、朋友"
    OTHER = "OTHER", "其他"


class Schooling(TextChoices):
    PRIMARY = "PRIMARY", "小学"
    JUNIOR = "JUNIOR", "初中"
    SENIOR = "SENIOR", "高中"
    VOCATIONAL = "VOCATIONAL", "中职、技校"
    COLLEGE = "COLLEGE", "大专、本科"
    POSTGRADUATE = "POSTGRADUATE", "研究生"
    EMPLOYED = "EMPLOYED", "在职"
    UNEMPLOYED = "UNEMPLOYED", "待业"
    OUT_OF_SCHOOL = "OUT_OF_SCHOOL", "失学、辍学"


class Disposition(TextChoices):
    ANSWERED = "ANSWERED", "直接答复"
    APPOINTMENT = "APPOINTMENT", "预约面询"
    WORK_ORDER = "WORK_ORDER", "转工单"
    REFERRAL = "REFERRAL", "转介其他单位"
    POLICE_110 = "POLICE_110", "联动110"
