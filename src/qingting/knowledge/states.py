"""What there is to know, and how it becomes public, as data."""

from django.db.models import TextChoices


class ArticleKind(TextChoices):
    ARTICLE = "ARTICLE", "文章"
    SCRIPT = "SCRIPT", "话术"


class Language(TextChoices):
    CHINESE = "zh", "中文"
    ENGLISH = "en", "英文"


class VersionState(TextChoices):
    DRAFT = "DRAFT", "草稿"
    IN_REVIEW = "IN_REVIEW", "待审核"
    PUBLISHED = "PUBLISHED", "已发布"
    SUPERSEDED = "SUPERSEDED", "旧版"


MOVES = {
    (VersionState.DRAFT, "submit"): VersionState.IN_REVIEW,
    (VersionState.IN_REVIEW, "send_back"): VersionState.DRAFT,
    (VersionState.IN_REVIEW, "publish"): VersionState.PUBLISHED,
    (VersionState.PUBLISHED, "supersede"): VersionState.SUPERSEDED,
}


class ResourceKind(TextChoices):
    HOTLINE = "HOTLINE", "热线"
    HOSPITAL = "HOSPITAL", "医院"
    AGENCY = "AGENCY", "社工机构"
    LEGAL_AID = "LEGAL_AID", "法律援助"
    SHELTER = "SHELTER", "救助庇护"
    CENTRE = "CENTRE", "服务中心"
    OTHER = "OTHER", "其他"


class Place(TextChoices):
    """Where an article was read."""

    PORTAL = "PORTAL", "求助者页面"
    WORKBENCH = "WORKBENCH", "工作台"
    RECEPTION = "RECEPTION", "夜间接待"
