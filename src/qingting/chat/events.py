"""What happens in a conversation. No word of it is in an event: pages fetch messages by number."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEvent(Event):
    """Heard by staff on `conversation:…`; where `for_seeker` says so, also by the seeker's page on `talk:…`."""

    subject: ClassVar[str] = "conversation_id"
    for_seeker: ClassVar[bool] = False
    conversation_id: int

    def channels(self) -> list[str]:
        heard = Event.channels(self)
        return [*heard, f"talk:{self.conversation_id}"] if self.for_seeker else heard


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationStarted(ConversationEvent):
    name: ClassVar[str] = "chat.started"
    label: ClassVar[str] = "来访者进入在线会话"
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTaken(ConversationEvent):
    name: ClassVar[str] = "chat.taken"
    for_seeker: ClassVar[bool] = True
    label: ClassVar[str] = "咨询师接入会话"
    account_id: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(ConversationEvent):
    name: ClassVar[str] = "chat.message-posted"
    for_seeker: ClassVar[bool] = True
    message_id: int
    seq: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerSeen(ConversationEvent):
    name: ClassVar[str] = "chat.danger-seen"
    label: ClassVar[str] = "识别到危险信号：{level_label}"
    message_id: int
    level: str
    level_label: str
    raised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerCorrected(ConversationEvent):
    name: ClassVar[str] = "chat.danger-corrected"
    label: ClassVar[str] = "更正了危险信号"
    sign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerLowered(ConversationEvent):
    name: ClassVar[str] = "chat.danger-lowered"
    label: ClassVar[str] = "下调了危险等级：{from_label}→{to_label}"
    judgement_id: int
    from_level: str
    to_level: str
    from_label: str
    to_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesRead(ConversationEvent):
    name: ClassVar[str] = "chat.read"
    author: str
    upto: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOffered(ConversationEvent):
    name: ClassVar[str] = "chat.handover-offered"
    label: ClassVar[str] = "请同事接手会话"
    handover_id: int
    from_account_id: int
    to_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEnded(ConversationEvent):
    name: ClassVar[str] = "chat.handover-ended"
    label: ClassVar[str] = "接手请求：{state_label}"
    handover_id: int
    from_account_id: int
    to_account_id: int
    state: str
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedSilently(ConversationEvent):
    name: ClassVar[str] = "chat.joined-silently"
    label: ClassVar[str] = "静默旁听会话"
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftSilently(ConversationEvent):
    name: ClassVar[str] = "chat.left-silently"
    label: ClassVar[str] = "结束静默旁听"
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedSilently(ConversationEvent):
    name: ClassVar[str] = "chat.invited-silently"
    label: ClassVar[str] = "请同事静默旁听"
    invitation_id: int
    to_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDeclined(ConversationEvent):
    name: ClassVar[str] = "chat.invitation-declined"
    label: ClassVar[str] = "没有接受旁听邀请"
    invitation_id: int
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEnded(ConversationEvent):
    name: ClassVar[str] = "chat.ended"
    for_seeker: ClassVar[bool] = True
    label: ClassVar[str] = "会话结束"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsErased(ConversationEvent):
    name: ClassVar[str] = "chat.words-erased"
    label: ClassVar[str] = "按本人要求删除了聊天内容"
