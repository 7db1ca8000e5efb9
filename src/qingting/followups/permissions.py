"""What may be done in following up."""

from qingting.core.permissions import declare

VIEW = declare("followups.view", "查看回访")
CALL = declare("followups.call", "进行回访")
PLAN = declare("followups.plan", "安排回访")
