"""Every write of knowledge: articles and their versions, the index, resources, use, and what the product comes with."""

from qingting.knowledge.services.articles import (
    Text,
    begin_article,
    expire_articles,
    publish_version,
    retire_article,
    send_back,
    submit_version,
    write_version,
)
from qingting.knowledge.services.importing import Preview, bring_table, drop_table, preview, undo_table, write_table
from qingting.knowledge.services.loading import load_seeds
from qingting.knowledge.services.resources import (
    Entered,
    confirm_resource,
    confirm_resources,
    enter_resource,
    fields_of,
    retire_resource,
)
from qingting.knowledge.services.use import comment_on, note_feedback, note_read, settle_comment

__all__ = [
    "Entered",
    "Preview",
    "Text",
    "begin_article",
    "bring_table",
    "comment_on",
    "confirm_resource",
    "confirm_resources",
    "drop_table",
    "enter_resource",
    "expire_articles",
    "fields_of",
    "load_seeds",
    "note_feedback",
    "note_read",
    "preview",
    "publish_version",
    "retire_article",
    "retire_resource",
    "send_back",
    "settle_comment",
    "submit_version",
    "undo_table",
    "write_table",
    "write_version",
]
