"""Codes of the wire in the words of the desk."""

from collections.abc import Mapping

from deskwire.words import BASIS, CANCELLATION, OUTCOME, REJECTION, STAGE

__all__ = ["BASIS", "CANCELLATION", "OUTCOME", "REJECTION", "STAGE"]

URGENCY: Mapping[str, str] = {"CRITICAL": "特急", "URGENT": "紧急", "ROUTINE": "一般"}
METHOD: Mapping[str, str] = {
    "DECLARED": "本人或来电人口述",
    "DEVICE": "设备定位",
    "NETWORK": "网络定位",
    "NUMBER_REGION": "号码归属地",
    "POLICE_POSITIONING": "公安技术定位",
    "OTHER": "其他来源",
}
CONFIDENCE: Mapping[str, str] = {"HIGH": "可信度高", "MEDIUM": "可信度中", "LOW": "可信度低"}
DATUM: Mapping[str, str] = {"WGS84": "WGS-84", "GCJ02": "GCJ-02", "BD09": "BD-09"}
PERSON: Mapping[str, str] = {
    "HELP_SEEKER": "求助青少年",
    "CALLER": "来电人",
    "GUARDIAN": "监护人",
    "SUSPECT": "涉嫌侵害人",
    "WITNESS": "知情人",
    "OTHER": "其他",
}
GENDER: Mapping[str, str] = {"FEMALE": "女", "MALE": "男", "OTHER": "其他"}
LINK_MODE: Mapping[str, str] = {
    "ONE_CLICK_HANDOFF": "一键流转",
    "THREE_WAY_CALL": "三方通话＋警情单，110 持续监听",
    "LIVE_TRANSFER": "实时一键转接＋警情单",
    "INCIDENT_ORDER": "警情单",
}
POLICE_OUTCOMES = [code for code in OUTCOME if code != "COUNSELLED"]
TYPE: Mapping[str, str] = {
    "handoff": "流转",
    "acknowledgement": "签收",
    "rejection": "退回",
    "progress": "进展",
    "result": "处置结果",
    "cancellation": "撤回",
    "note": "补充",
    "call-invite": "通话邀请",
}
STATE_IN: Mapping[str, str] = {
    "received": "待签收",
    "accepted": "已签收",
    "rejected": "已退回",
    "in-progress": "处置中",
    "completed": "已办结",
    "failed": "未能处置",
    "cancelled": "12355 已撤回",
}
STATE_OUT: Mapping[str, str] = {
    "requested": "待送达",
    "received": "待 12355 签收",
    "accepted": "12355 已签收",
    "rejected": "12355 已退回",
    "in-progress": "12355 处置中",
    "completed": "12355 已办结",
    "failed": "12355 未能处置",
    "cancelled": "本台已撤回",
}
DELIVERY: Mapping[str, str] = {"waiting": "待送达", "delivered": "已送达", "refused": "对方系统拒收"}
LINE_DOWN: Mapping[str, str] = {
    "": "正在连接",
    "unreachable": "对方系统没有应答",
    "untrusted": "双方密钥或时钟未对上",
}
DELIVERY_ERROR: Mapping[str, str] = {
    "unreachable": "对方没有应答，自动重试中",
    "busy": "对方要求稍候，自动重试中",
    "untrusted": "应答无法验证，请管理员检查密钥",
    "desk-unknown": "对方尚未登记本台，请管理员交换公钥",
    "key-unknown": "对方不认识本台密钥，请管理员交换公钥",
    "clock-skew": "双方时钟相差过大，请管理员校时",
    "schema": "内容不符合联动协议",
    "id-conflict": "编号已被占用",
    "seq-conflict": "顺序号已被占用",
    "out-of-state": "对方状态不允许这一步",
    "wrong-receiver": "收件台不对",
    "too-large": "内容过长",
}
