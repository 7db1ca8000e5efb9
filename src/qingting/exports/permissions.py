"""What may be done with lists as files."""

from qingting.core.permissions import declare

MAKE = declare("exports.make", "导出列表")
APPROVE = declare("exports.approve", "审批含正文的导出")
