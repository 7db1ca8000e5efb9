"""Kinds that organisations, divisions and list items come in, as data."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    NATION = "NATION", "全国"
    REGIONAL_CENTRE = "REGIONAL_CENTRE", "区域中心"
    PROVINCE = "PROVINCE", "省级团委"
    CITY = "CITY", "地市团委"
    COUNTY = "COUNTY", "县级团委"
    STATION = "STATION", "服务台"
    SERVICE_CENTRE = "SERVICE_CENTRE", "服务中心"
    YOUTH_HOME = "YOUTH_HOME", "青年之家"
    AGENCY = "AGENCY", "社工机构"
    LAW_FIRM = "LAW_FIRM", "律师事务所"
    HOSPITAL = "HOSPITAL", "医院"
    SCHOOL = "SCHOOL", "学校"
    PARTNER = "PARTNER", "联动单位"


class DivisionLevel(TextChoices):
    PROVINCE = "PROVINCE", "省级"
    CITY = "CITY", "地级"
    COUNTY = "COUNTY", "县级"


class PartnerKind(TextChoices):
    POLICE_110 = "POLICE_110", "110报警服务台"
    GOVERNMENT_12345 = "GOVERNMENT_12345", "12345政务热线"
    LEGAL_12348 = "LEGAL_12348", "12348法律服务热线"
    WOMEN_12338 = "WOMEN_12338", "12338妇女维权热线"
    HEALTH_12320 = "HEALTH_12320", "12320卫生热线"
    PROCURATORATE = "PROCURATORATE", "检察院"
    COURT = "COURT", "法院"
    JUSTICE = "JUSTICE", "司法行政"
    CIVIL_AFFAIRS = "CIVIL_AFFAIRS", "民政"
    EDUCATION = "EDUCATION", "教育"
    HEALTH = "HEALTH", "卫健"
    WOMEN = "WOMEN", "妇联"
    DRUG_CONTROL = "DRUG_CONTROL", "禁毒"
    POLITICAL_LEGAL = "POLITICAL_LEGAL", "政法"
    YOUTH_12355 = "YOUTH_12355", "其他地方的12355"


class Urgency(TextChoices):
    CRITICAL = "CRITICAL", "特急"
    URGENT = "URGENT", "紧急"
    ROUTINE = "ROUTINE", "一般"


class Direction(TextChoices):
    TO_POLICE = "TO_POLICE", "12355→110"
    FROM_POLICE = "FROM_POLICE", "110→12355"


class ItemClass(TextChoices):
    CRISIS = "CRISIS", "危机干预类"
    MANDATORY_REPORT = "MANDATORY_REPORT", "强制报告类"
    OFFENCE = "OFFENCE", "违法犯罪类"
    PSYCHOLOGICAL = "PSYCHOLOGICAL", "心理咨询"
    LEGAL = "LEGAL", "法律咨询"


class LinkMode(TextChoices):
    """How a matter is handed over; the codes are those of the wire protocol between desks."""

    ONE_CLICK_HANDOFF = "ONE_CLICK_HANDOFF", "一键流转"
    THREE_WAY_CALL = "THREE_WAY_CALL", "三方通话"
    LIVE_TRANSFER = "LIVE_TRANSFER", "一键转接"
    INCIDENT_ORDER = "INCIDENT_ORDER", "警情单流转"


class ClockKind(TextChoices):
    CRISIS_INTERVENTION = "CRISIS_INTERVENTION", "危机介入"
    CONSULTATION = "CONSULTATION", "咨询解决"
    CASE_REPLY = "CASE_REPLY", "个案回复"
    MESSAGE_REPLY = "MESSAGE_REPLY", "留言回复"
    ORDER_ACCEPTANCE = "ORDER_ACCEPTANCE", "接单"
    HANDOFF_ACKNOWLEDGEMENT = "HANDOFF_ACKNOWLEDGEMENT", "对方签收"
    MANDATORY_REPORT = "MANDATORY_REPORT", "强制报告"
    FOLLOW_UP = "FOLLOW_UP", "回访"
    ORDER_REVIEW = "ORDER_REVIEW", "工单审核"
    ORDER_PAUSE = "ORDER_PAUSE", "挂起到期"
    TRACKING = "TRACKING", "长期跟踪"
    CONFERENCE = "CONFERENCE", "会商召开"
    CONFERENCE_DECISION = "CONFERENCE_DECISION", "会商决定落实"
    ALERT_ACKNOWLEDGEMENT = "ALERT_ACKNOWLEDGEMENT", "警报确认"
    COMPLAINT_ACKNOWLEDGEMENT = "COMPLAINT_ACKNOWLEDGEMENT", "投诉受理"
    COMPLAINT_ANSWER = "COMPLAINT_ANSWER", "投诉答复"
    CHAIN_SUPERVISION = "CHAIN_SUPERVISION", "跨省转介：团中央督办"
    CHAIN_ACCEPTANCE = "CHAIN_ACCEPTANCE", "跨省转介：属地省签收"
    CHAIN_DECISION = "CHAIN_DECISION", "跨省转介：退回后的决定"
    CHAIN_INTERVENTION = "CHAIN_INTERVENTION", "跨省转介：属地省出动"
    CHAIN_REPORT = "CHAIN_REPORT", "跨省转介：通报进展"
    CHAIN_CARE = "CHAIN_CARE", "跨省转介：开始跟踪帮扶"
    CHAIN_VISIT = "CHAIN_VISIT", "跨省转介：下一次跟踪"
    CHAIN_SIGN_OFF = "CHAIN_SIGN_OFF", "跨省转介：审核销号"
