"""States of a version of the lexicon and of a labelled row, and the moves between them, as data."""

from django.db.models import TextChoices


class VersionKind(TextChoices):
    CHANGE = "CHANGE", "修改"
    ROLL_BACK = "ROLL_BACK", "退回旧版"


class VersionState(TextChoices):
    DRAFT = "DRAFT", "起草中"
    MEASURING = "MEASURING", "评测中"
    WAITING = "WAITING", "待复核"
    REFUSED = "REFUSED", "评测不通过"
    ACTIVE = "ACTIVE", "使用中"
    RETIRED = "RETIRED", "已换下"
    WITHDRAWN = "WITHDRAWN", "已撤回"


MOVES = {
    (VersionState.DRAFT, "submit"): VersionState.MEASURING,
    (VersionState.DRAFT, "withdraw"): VersionState.WITHDRAWN,
    (VersionState.REFUSED, "reopen"): VersionState.DRAFT,
    (VersionState.REFUSED, "withdraw"): VersionState.WITHDRAWN,
    (VersionState.WAITING, "send_back"): VersionState.DRAFT,
    (VersionState.WAITING, "withdraw"): VersionState.WITHDRAWN,
    (VersionState.WAITING, "approve"): VersionState.ACTIVE,
    (VersionState.MEASURING, "pass"): VersionState.WAITING,
    (VersionState.MEASURING, "fail"): VersionState.REFUSED,
}
IN_WORK = (VersionState.DRAFT, VersionState.MEASURING, VersionState.WAITING, VersionState.REFUSED)


class RowState(TextChoices):
    CONFIRMED = "CONFIRMED", "已确认"
    DISMISSED = "DISMISSED", "不采用"


class Act(TextChoices):
    """What a line of a version does."""

    ADDED = "ADDED", "新增"
    CHANGED = "CHANGED", "修改"
    WITHDRAWN = "WITHDRAWN", "停用"


# Traffic that a version is tried on: the days that may be chosen, and the most messages that are read.
DAYS = (7, 14, 30)
MOST_MESSAGES = 20_000
