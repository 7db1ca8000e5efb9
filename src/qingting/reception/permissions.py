"""What may be done at the door."""

from qingting.core.permissions import declare

WATCH = declare("reception.watch", "查看夜间接待与警报")
ANSWER = declare("reception.answer", "回复留言与回拨")
ARRANGE = declare("reception.arrange", "设置夜间接待与值守顺序")
