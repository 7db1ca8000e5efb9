"""How the codes of the wire read in Chinese, so that both desks say the same thing on their pages.

A code without an entry here is shown as it is. The platform's own lists are compared with these by a test.
"""

from collections.abc import Mapping

STAGE: Mapping[str, str] = {
    "DISPATCHED": "已出警",
    "ON_SCENE": "已到场",
    "COUNSELLOR_ENGAGED": "咨询师已介入",
    "OTHER": "其他进展",
}
OUTCOME: Mapping[str, str] = {
    "PERSON_SAFE": "本人平安",
    "TAKEN_TO_HOSPITAL": "已送医",
    "WITH_GUARDIAN": "已交监护人",
    "COUNSELLED": "已疏导",
    "CASE_OPENED": "已受案",
    "TRANSFERRED": "已移交其他单位",
    "NOT_FOUND": "未找到本人",
    "FALSE_ALARM": "情况不属实",
    "DECEASED": "本人已去世",
    "OTHER": "其他",
}
REJECTION: Mapping[str, str] = {
    "NOT_ON_LIST": "不在清单内",
    "NOT_OUR_AREA": "不属本辖区",
    "DUPLICATE": "重复流转",
    "INSUFFICIENT": "信息不足",
    "OTHER": "其他原因",
}
CANCELLATION: Mapping[str, str] = {
    "RESOLVED": "危险已解除",
    "FALSE_ALARM": "情况不属实",
    "SENT_IN_ERROR": "误发",
    "DRILL_OVER": "演练结束",
    "OTHER": "其他原因",
}
BASIS: Mapping[str, str] = {
    "LIFE_AT_STAKE": "紧急情况下保护生命安全",
    "MANDATORY_REPORT": "强制报告",
    "LEGAL_DUTY": "法定职责",
    "CONSENT": "本人同意",
    "GUARDIAN_CONSENT": "监护人同意",
}
