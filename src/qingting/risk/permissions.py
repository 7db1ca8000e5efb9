"""What may be done here."""

from qingting.core.permissions import declare

ASSESS = declare("risk.assess", "记录风险评估")
