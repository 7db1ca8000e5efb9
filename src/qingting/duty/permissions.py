"""What may be done at a seat."""

from qingting.core.permissions import declare

TAKE = declare("duty.take", "坐席接入")
LEAD = declare("duty.lead", "值班管理")
