"""What may be done with applications for aid."""

from qingting.core.permissions import declare

VIEW = declare("assistance.view", "查看援助申请")
APPLY = declare("assistance.apply", "代为申请援助")
CHECK = declare("assistance.check", "初审援助申请")
DECIDE = declare("assistance.decide", "审批援助申请")
PAY = declare("assistance.pay", "登记援助支付、冲正和办结")
KEEP_LAWYERS = declare("assistance.keep-lawyers", "维护法律援助律师名册")
ASSIGN = declare("assistance.assign", "指派法律援助律师")
SET_RATES = declare("assistance.set-rates", "设置法律援助补贴标准")
REPORT = declare("assistance.report", "登记法律援助服务、填写结案报告")
CHECK_REPORT = declare("assistance.check-report", "审核法律援助结案报告")
