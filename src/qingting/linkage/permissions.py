"""What may be done with the desks beside us."""

from qingting.core.permissions import declare

VIEW = declare("linkage.view", "查看联动情况")
HAND_OFF = declare("linkage.hand-off", "一键流转、签收110警情")
ANSWER = declare("linkage.answer", "办理转介给本单位的事项")
OPERATE = declare("linkage.operate", "联动运行管理")
WAIVE = declare("linkage.waive-report", "记录强制报告不报告的理由")
