"""What every page of the seekers' site needs around its content."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

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
