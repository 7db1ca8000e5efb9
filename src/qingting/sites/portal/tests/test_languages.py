"""The seekers' pages speak Traditional Chinese and English to whoever wants it; staff keep theirs. No word is left out of a catalogue."""

import gettext
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from qingting.knowledge import services as knowledge
from qingting.knowledge.models import Article
from qingting.sites.portal import page_words
from qingting.sites.portal.languages import COOKIE

ROOM = Path(page_words.__file__).parent
LOCALES = ("en", "zh_Hant")
TEMPLATES = [
    *sorted((ROOM / "templates").rglob("*.html")),
    ROOM.parents[1] / "core/templates/core/refusal_page.html",
    *[ROOM.parents[1] / "risk/templates/risk" / name for name in ("plan_over.html", "plan_private.html")],
    *[ROOM.parents[1] / "followups/templates/followups" / name for name in ("rate.html", "rate_over.html")],
    *[
        ROOM.parents[1] / "complaints/templates/complaints" / f"{name}.html"
        for name in ("complain", "receipt", "receipt_unknown")
    ],
]
_TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')(\s+context)?""")
_BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate", re.DOTALL)
_SAID = re.compile(r'\bt\("([^"]+)"')


def words_of_the_machine() -> set[str]:
    groups = tomllib.loads((ROOM.parents[1] / "reception/data/sentences.toml").read_text("utf-8"))
    return {words for group in groups.values() for words in group.values() if "{title}" not in words}


def words_of_pages() -> set[str]:
    words = {*page_words.SAID_BY_SCRIPTS, *words_of_the_machine()}
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        words |= {double or single for double, single, context in _TRANSLATE.findall(text) if not context}
        words |= {re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", block) for block in _BLOCK.findall(text)}
    return words


def catalogue(locale: str) -> gettext.GNUTranslations:
    with (ROOM / "locale" / locale / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_of_a_page_is_in_the_catalogue(locale):
    held = catalogue(locale)._catalog
    missing = sorted(words for words in words_of_pages() if not held.get(words))
    assert not missing


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_holds_what_the_readable_one_says(locale):
    text = (ROOM / "locale" / locale / "LC_MESSAGES" / "django.po").read_text("utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.MULTILINE)
    held = catalogue(locale)
    unlike = [msgid for msgid, msgstr in pairs if held.gettext(_plain(msgid)) != _plain(msgstr)]
    assert not [msgid for msgid in unlike if msgid != "zh-Hans"]
    assert len(pairs) > 200


def _plain(text: str) -> str:
    return text.replace('\\"', '"')


@pytest.mark.parametrize("locale", LOCALES)
def test_places_for_values_are_kept(locale):
    held = catalogue(locale)
    for words in words_of_pages():
        places = re.findall(r"\{\w+\}|%\(\w+\)s", words)
        assert sorted(places) == sorted(re.findall(r"\{\w+\}|%\(\w+\)s", held.gettext(words))), words


def test_everything_that_scripts_say_is_handed_to_them():
    said = {words for file in (ROOM / "static/portal").glob("*.js") for words in _SAID.findall(file.read_text("utf-8"))}
    assert said <= set(page_words.SAID_BY_SCRIPTS)


def home(client, **headers) -> str:
    return str(client.get(reverse("portal:home"), headers=headers).content.decode())


@pytest.mark.django_db
def test_a_language_is_chosen_and_one_is_back_where_one_was(client):
    answer = client.get(reverse("portal:language", args=["en"]), {"back": "/chat/"})
    assert answer.url == "/chat/"
    shown = home(client)
    assert '<html lang="en">' in shown
    assert "Hello, we are here." in shown
    assert 'id="page-words"' in shown
    client.get(reverse("portal:language", args=["zh-hans"]))
    assert "你好，我们在。" in home(client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "words"), [("zh-HK,zh;q=0.9", "我們在"), ("en-US,en", "我们在"), ("zh-CN", "我们在")]
)
def test_a_phone_in_traditional_chinese_is_met_in_it_and_english_only_by_choice(client, asked, words):
    assert words in home(client, accept_language=asked)


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_away(client, back):
    assert client.get(reverse("portal:language", args=["en"]), {"back": back}).url == "/"


@pytest.mark.django_db
def test_staff_keep_their_language(client):
    client.cookies[COOKIE] = "en"
    client.cookies[settings.SESSION_COOKIE] = "anything"
    assert "你好，我们在。" in home(client)


@pytest.mark.django_db
def test_exercises_and_scales_are_read_in_the_language_of_the_page(client):
    client.cookies[COOKIE] = "en"
    page = client.get(reverse("portal:self-help-scale", args=["phq9"])).content.decode()
    assert "Thoughts that you would be better off dead" in page
    assert "做事时提不起劲" not in page
    client.cookies[COOKIE] = "zh-hant"
    assert "做事時提不起勁" in client.get(reverse("portal:self-help-scale", args=["phq9"])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "told"),
    [("zh-hant", "有不想活的念頭時"), ("en", "This page is only in Chinese so far."), ("zh-hans", "有不想活的念头时")],
)
def test_an_article_is_read_in_its_readers_characters_or_says_that_it_is_in_chinese_only(
    client, tree, known_categories, at, language, told
):
    knowledge.load_seeds(at=at)
    client.cookies[COOKIE] = language
    article = Article.objects.get(code="suicidal-thoughts")
    page = client.get(reverse("portal:help-article", args=[article.pk])).content.decode()
    assert told in page
    assert ('lang="zh-Hans"' in page) == (language in {"en", "zh-hans"})
    assert ("This page is only" in page) == (language == "en")


@pytest.mark.django_db
def test_the_phone_keeps_the_exercises_of_the_chosen_language(client):
    kept = {}
    for language in ("zh-hans", "zh-hant", "en"):
        client.cookies[COOKIE] = language
        kept[language] = client.get(reverse("portal:self-help-worker")).content
    assert len(set(kept.values())) == 3
