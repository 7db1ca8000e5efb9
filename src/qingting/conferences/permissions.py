"""What may be done around a conference."""

from qingting.core.permissions import declare

VIEW = declare("conferences.view", "查看会商、回复会商邀请")
CONVENE = declare("conferences.convene", "召集会商、记录和跟进会商决定")
