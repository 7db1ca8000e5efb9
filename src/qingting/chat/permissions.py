"""What may be done in conversations."""

from qingting.core.permissions import declare

TALK = declare("chat.talk", "在线接待")
JOIN_SILENTLY = declare("chat.join-silently", "静默旁听会话")
