"""Why the machine attends, what it says, what is left with it, and how an alert goes, as data."""

from django.db.models import TextChoices


class Reason(TextChoices):
    NIGHT = "NIGHT", "夜间"
    BUSY = "BUSY", "坐席都在忙"
    DOWN = "DOWN", "系统有一部分停了"


class Said(TextChoices):
    GREETING = "GREETING", "开场"
    ANSWER = "ANSWER", "回答"
    UNKNOWN = "UNKNOWN", "不知道"
    SAFETY = "SAFETY", "安全"
    CALLING = "CALLING", "去叫人"


class TurnState(TextChoices):
    """A question that the optional model words an answer to."""

    WAITING = "WAITING", "等待"
    DONE = "DONE", "已答"
    DROPPED = "DROPPED", "不再需要"


class LeftKind(TextChoices):
    MESSAGE = "MESSAGE", "留言"
    CALLBACK = "CALLBACK", "请回电话"
    ERASE = "ERASE", "请删掉我说的话"


class LeftState(TextChoices):
    WAITING = "WAITING", "待回复"
    ANSWERED = "ANSWERED", "已回复"


class Cause(TextChoices):
    DANGER = "DANGER", "危险信号"
    WANTED = "WANTED", "要找人"


class AlertState(TextChoices):
    OPEN = "OPEN", "等待确认"
    ACKNOWLEDGED = "ACKNOWLEDGED", "已确认"
    ENDED = "ENDED", "已有人接手"


class Rung(TextChoices):
    """Whom an alert calls, one after another."""

    DUTY = "DUTY", "值守人员"
    LEADER = "LEADER", "值班长"
    PROVINCE = "PROVINCE", "省级"


class CallState(TextChoices):
    WAITING = "WAITING", "待发送"
    CALLING = "CALLING", "正在拨打"
    SENT = "SENT", "已送出"
    FAILED = "FAILED", "没有送到"
    DROPPED = "DROPPED", "不再需要"


class TargetKind(TextChoices):
    WECOM = "WECOM", "企业微信群机器人"
    DINGTALK = "DINGTALK", "钉钉机器人"
    FEISHU = "FEISHU", "飞书机器人"
    BARK = "BARK", "Bark（苹果手机）"
    SERVERCHAN = "SERVERCHAN", "Server酱（微信）"
    WEBHOOK = "WEBHOOK", "短信网关或其他接口"
    PHONE = "PHONE", "打电话"


# Which addresses each kind may have: everything else is refused, so that nobody makes the platform call what it should not.
# A telephone is a number.
SCHEMES = {
    TargetKind.WECOM: ("wecombot",),
    TargetKind.DINGTALK: ("dingtalk",),
    TargetKind.FEISHU: ("feishu", "lark"),
    TargetKind.BARK: ("barks",),
    TargetKind.SERVERCHAN: ("schan",),
    TargetKind.WEBHOOK: ("json", "jsons", "form", "forms"),
}
ORDER = {Cause.WANTED: 0, Cause.DANGER: 1}
