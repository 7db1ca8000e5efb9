"""What every page of the seekers' site needs around its content."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from qingting.core.traditional import traditional
from qingting.knowledge.models import Article
from qingting.sites.portal.languages import CHOICES
from qingting.sites.portal.page_words import translated

register = template.Library()


@register.simple_tag
def words_for_scripts() -> SafeString | str:
    """The words of scripts in this page's language, as data; nothing where the scripts hold them already."""
    words = translated()
    return json_script(words, "page-words") if words else ""


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """Code and own name of the languages one can turn to."""
    return [(code, name) for code, name in CHOICES.items() if code != get_language()]


@register.filter
def spoken(text: str) -> str:
    """Reviewed Chinese words in this page's language, as far as they are there in it: Traditional by its characters, English where a
    catalogue has them. Otherwise as they were written; the page says so (see `chinese_only`)."""
    language = get_language()
    if language == "zh-hant":
        return traditional(text)
    return gettext(text) if language == "en" and text else text


@register.simple_tag
def chinese_only(article: Article) -> bool:
    """Whether an article is in Chinese and this page in another language."""
    return get_language() == "en" and article.language != "en"
