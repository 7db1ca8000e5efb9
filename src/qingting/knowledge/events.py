"""What happens to articles and resources."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEvent(Event):
    subject: ClassVar[str] = "article_id"
    article_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWritten(ArticleEvent):
    name: ClassVar[str] = "knowledge.written"
    label: ClassVar[str] = "写了知识文章第{number}版"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked(ArticleEvent):
    name: ClassVar[str] = "knowledge.review-asked"
    label: ClassVar[str] = "提交知识文章审核"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSentBack(ArticleEvent):
    name: ClassVar[str] = "knowledge.sent-back"
    label: ClassVar[str] = "退回知识文章修改"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePublished(ArticleEvent):
    name: ClassVar[str] = "knowledge.published"
    label: ClassVar[str] = "发布知识文章第{number}版"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRetired(ArticleEvent):
    name: ClassVar[str] = "knowledge.retired"
    label: ClassVar[str] = "停用知识文章"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleExpired(ArticleEvent):
    """It is not told any more until somebody has looked at it again."""

    name: ClassVar[str] = "knowledge.expired"
    label: ClassVar[str] = "知识文章到期"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChanged(Event):
    name: ClassVar[str] = "knowledge.resource-changed"
    subject: ClassVar[str] = "resource_id"
    label: ClassVar[str] = "{act}求助资源"
    resource_id: int
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesImported(Event):
    """act: 写入 or 撤销; lines: how many were."""

    name: ClassVar[str] = "knowledge.resources-imported"
    subject: ClassVar[str] = "import_id"
    label: ClassVar[str] = "{act}求助资源表格（{lines}条）"
    import_id: int
    act: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeLoaded(Event):
    """The content of the data files was brought in. It belongs to the platform, so its organisation is 0."""

    name: ClassVar[str] = "knowledge.loaded"
    changed: int
