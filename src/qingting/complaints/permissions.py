"""What may be done with complaints."""

from qingting.core.permissions import declare

RECORD = declare("complaints.record", "登记投诉")
HANDLE = declare("complaints.handle", "办理投诉")
