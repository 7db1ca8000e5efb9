"""What may be done with orders."""

from qingting.core.permissions import declare

VIEW = declare("orders.view", "查看工单")
DRAFT = declare("orders.draft", "起草工单")
DISPATCH = declare("orders.dispatch", "派单、作废")
ACCEPT = declare("orders.accept", "接单、退单")
WORK = declare("orders.work", "办理、提交")
REVIEW = declare("orders.review", "审核工单")
CONFIGURE = declare("orders.configure", "维护派单目录")
SUPERVISE = declare("orders.supervise", "挂牌督办、摘牌")
