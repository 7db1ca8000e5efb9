"""What may be done with the desks beside us."""

from qingting.core.permissions import declare

VIEW = declare("linkage.view", "查看联动情况")
HAND_OFF = declare("linkage.hand-off", "一键流转和转介，签收其他单位转来的事项")
ANSWER = declare("linkage.answer", "办理转介给本单位的事项")
OPERATE = declare("linkage.operate", "联动运行管理")
REGISTER_HOUSE = declare("linkage.register-house", "登记代表外省或全国的12355平台")
WAIVE = declare("linkage.waive-report", "记录强制报告不报告的理由")
