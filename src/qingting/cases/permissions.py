"""What may be done with cases."""

from qingting.core.permissions import declare

VIEW = declare("cases.view", "查看个案")
OPEN = declare("cases.open", "建立个案")
CLOSE = declare("cases.close", "结案、重新办理")
SIGN_OFF = declare("cases.sign-off", "销号")
