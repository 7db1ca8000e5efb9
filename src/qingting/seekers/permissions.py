"""What may be done with a seeker's record."""

from qingting.core.permissions import declare

VIEW = declare("seekers.view", "查看来访者档案（脱敏）")
UNMASK = declare("seekers.unmask", "解密查看个人信息")
RECORD = declare("seekers.record", "登记来访者信息")
