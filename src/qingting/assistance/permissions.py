"""What may be done with applications for aid."""

from qingting.core.permissions import declare

VIEW = declare("assistance.view", "查看援助申请")
APPLY = declare("assistance.apply", "代为申请援助")
CHECK = declare("assistance.check", "初审援助申请")
DECIDE = declare("assistance.decide", "审批援助申请")
PAY = declare("assistance.pay", "登记援助支付、冲正和办结")
