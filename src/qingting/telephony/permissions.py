"""What may be done with telephone calls."""

from qingting.core.permissions import declare

TALK = declare("telephony.talk", "接听电话")
LEAD = declare("telephony.lead", "监听、耳语、强插、接管电话")
LISTEN = declare("telephony.listen-recordings", "播放通话录音")
HOLD_RECORDINGS = declare("telephony.hold-recordings", "录音保全")
REVIEW_NUMBERS = declare("telephony.review-numbers", "审核号码拦截名单")
