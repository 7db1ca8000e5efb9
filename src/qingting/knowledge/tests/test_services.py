"""Nothing is told before two people have seen it; what is told is found, counted, and runs out."""

from datetime import timedelta

import pytest
from django.db import connection

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, NOBODY, acting
from qingting.knowledge import rules, selectors, services
from qingting.knowledge.models import Article, ArticleVersion, Posting, Resource
from qingting.knowledge.services import index

ENTRY = ("article_id", "gram", "weight", "length")
WANTED = selectors.Wanted(category="PSYCHOLOGY_SLEEP")
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def draft(agent_here, known_categories, text, at):
    with acting(agent_here.scope):
        return services.begin_article(actor=agent_here, kind="ARTICLE", category="SCHOOLING_PRESSURE", text=text, at=at)


def version_of(article) -> ArticleVersion:
    with acting(EVERYTHING):
        return ArticleVersion.objects.filter(article=article).latest("number")


def published(draft, writer, reviewer, at):
    with acting(writer.scope):
        services.submit_version(actor=writer, version_id=version_of(draft).pk, at=at)
    with acting(reviewer.scope):
        services.publish_version(actor=reviewer, version_id=version_of(draft).pk, at=at)


def found(actor, words, at) -> list[str]:
    with acting(NOBODY):  # as a seeker: no organisation in sight
        return [hit.article.title for hit in selectors.find(actor.organisation_id, words, at=at)]


def test_what_the_product_comes_with_is_loaded_once_and_found(seeded, agent_here, at):
    assert seeded > 60
    assert services.load_seeds(at=at) == 0
    assert found(agent_here, "网贷还不上被催收", at)[0].startswith("欠了网贷")


def test_the_database_ranks_as_the_rules_do(seeded):
    question = "网贷还不上，天天被催收，不敢告诉爸妈"
    grams = rules.grams(question)
    entries = [rules.Entry(*row) for row in Posting.objects.filter(gram__in=grams).values_list(*ENTRY)]
    lengths = list(Posting.objects.filter(gram=index.LENGTH_ALONE, language="zh").values_list("length", flat=True))
    told = rules.ranked(question, entries, articles=len(lengths), mean_length=sum(lengths) / len(lengths))
    asked = selectors.ranked([selectors.EVERYBODYS], grams, most=20)
    assert [hit.article for hit in asked] == [hit.article for hit in told[:20]]
    assert [hit.score for hit in asked] == pytest.approx([hit.score for hit in told[:20]])
    assert asked[0].strength == pytest.approx(told[0].strength)


def test_a_draft_is_found_by_nobody(draft, agent_here, at):
    assert found(agent_here, "哪里可以自习", at) == []


def test_a_second_person_publishes_and_then_seekers_find_it(draft, agent_here, leader_here, at):
    published(draft, agent_here, leader_here, at)
    assert found(agent_here, "自习室", at) == ["天河区的自习室在哪里"]
    with acting(EVERYTHING):
        names = set(Entry.objects.filter(subject_kind="article").values_list("name", flat=True))
    assert {"knowledge.written", "knowledge.review-asked", "knowledge.published"} <= names


def test_nobody_reviews_their_own(leader_here, known_categories, text, at):
    with acting(leader_here.scope):
        article = services.begin_article(actor=leader_here, kind="ARTICLE", category="EXAMS_ANXIETY", text=text, at=at)
        services.submit_version(actor=leader_here, version_id=version_of(article).pk, at=at)
        with pytest.raises(DomainError) as refused:
            services.publish_version(actor=leader_here, version_id=version_of(article).pk, at=at)
    assert refused.value.code == "knowledge.version.own"


def test_a_counsellor_may_not_publish_and_somebody_elsewhere_sees_nothing(draft, agent_here, agent_elsewhere, at):
    with acting(agent_here.scope):
        services.submit_version(actor=agent_here, version_id=version_of(draft).pk, at=at)
        with pytest.raises(NotAllowed):
            services.publish_version(actor=agent_here, version_id=version_of(draft).pk, at=at)
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        selectors.article_for(agent_elsewhere, draft.pk)


def test_sent_back_it_says_what_to_change_and_may_be_written_again(draft, agent_here, leader_here, text, at):
    version = version_of(draft)
    with acting(agent_here.scope):
        services.submit_version(actor=agent_here, version_id=version.pk, at=at)
        with pytest.raises(DomainError) as refused:
            services.write_version(actor=agent_here, article_id=draft.pk, text=text, at=at)
        assert refused.value.code == "knowledge.version.in-review"
    with acting(leader_here.scope):
        with pytest.raises(Invalid):
            services.send_back(actor=leader_here, version_id=version.pk, words=" ", at=at)
        services.send_back(actor=leader_here, version_id=version.pk, words="写上电话", at=at)
    with acting(agent_here.scope):
        services.write_version(actor=agent_here, article_id=draft.pk, text=text, at=at)
    assert version_of(draft).state == "DRAFT"


def test_the_next_version_replaces_the_words_and_keeps_the_old_ones(draft, agent_here, leader_here, text, at):
    published(draft, agent_here, leader_here, at)
    with acting(agent_here.scope):
        services.write_version(
            actor=agent_here,
            article_id=draft.pk,
            text=services.Text(title="天河区的溜冰场", summary="体育中心旁边。", body="体育中心旁边有一个溜冰场，" * 3),
            at=at,
        )
    published(draft, agent_here, leader_here, at)
    assert found(agent_here, "溜冰场", at) == ["天河区的溜冰场"]
    assert found(agent_here, "自习室", at) == []
    with acting(EVERYTHING):
        states = list(ArticleVersion.objects.filter(article=draft).order_by("number").values_list("state", flat=True))
    assert states == ["SUPERSEDED", "PUBLISHED"]


def test_what_ran_out_is_told_no_more_and_its_writers_hear_of_it_once(draft, agent_here, leader_here, at):
    published(draft, agent_here, leader_here, at)
    later = at + timedelta(days=400)
    assert found(agent_here, "自习室", later) == []
    assert services.expire_articles(at=later) == 1
    assert services.expire_articles(at=later) == 0
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="knowledge.expired").count() == 1
        assert not Posting.objects.filter(article_id=draft.pk).exists()


def test_a_station_elsewhere_does_not_read_ours(draft, agent_here, agent_elsewhere, leader_here, at):
    published(draft, agent_here, leader_here, at)
    assert found(agent_elsewhere, "自习室", at) == []


def test_the_index_is_used_as_it_is_under_row_level_security(seeded):
    """Grams stand outside the wall: the planner may look them up by key instead of reading every row."""
    with connection.cursor() as cursor:
        cursor.execute("analyze knowledge_posting")
        cursor.execute("set local role none")
        cursor.execute(
            "explain select article_id from knowledge_posting where gram = any(%s) and owner_id = any(%s)",
            [["网贷", "催收"], [0]],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan


def test_reads_and_answers_are_counted_without_anybodys_name(seeded, at):
    with acting(EVERYTHING):
        article = Article.objects.get(code="sleep")
    for helped in (True, True, False):
        services.note_read(article_id=article.pk, place="PORTAL", at=at)
        services.note_feedback(article_id=article.pk, place="PORTAL", helped=helped, at=at)
    assert selectors.reads_of([article.pk], since=at.date()) == {article.pk: {"reads": 3, "helped": 2, "not": 1}}


def test_a_place_is_shown_once_a_second_person_has_confirmed_it(agent_here, leader_here, known_categories, at):
    entered = services.Entered(
        kind="HOSPITAL", name="天河区医院心理科", phone="020-00000000", categories=("PSYCHOLOGY",)
    )
    with acting(agent_here.scope):
        row = services.enter_resource(actor=agent_here, entered=entered, at=at)
        with pytest.raises(NotAllowed):
            services.confirm_resource(actor=agent_here, resource_id=row.pk, at=at)
    assert names(agent_here, at) == []
    with acting(leader_here.scope):
        services.confirm_resource(actor=leader_here, resource_id=row.pk, at=at)
    assert names(agent_here, at) == ["天河区医院心理科"]
    assert names(agent_here, at + timedelta(days=200)) == []


def names(actor, at) -> list[str]:
    with acting(NOBODY):
        return [row.name for row in selectors.resources(actor.organisation_id, at=at, wanted=WANTED)]


def test_a_place_needs_a_number_or_an_address(agent_here, at):
    with acting(agent_here.scope), pytest.raises(Invalid) as refused:
        services.enter_resource(actor=agent_here, entered=services.Entered(kind="HOSPITAL", name="某医院"), at=at)
    assert "phone" in refused.value.fields
    assert not Resource.objects.exists()


@pytest.fixture
def entered_for(agent_here, leader_here):
    """`entered_for(name, division)`: kept for a place by this station, and looked at by a second person."""

    def entered_for(name, division, at):
        entered = services.Entered(kind="HOSPITAL", name=name, phone="020-00000000", division=division)
        with acting(agent_here.scope):
            row = services.enter_resource(actor=agent_here, entered=entered, at=at)
        with acting(leader_here.scope):
            services.confirm_resource(actor=leader_here, resource_id=row.pk, at=at)
        return row

    return entered_for


def found_at(actor, place, at) -> set[str]:
    with acting(NOBODY):  # as a seeker
        wanted = selectors.Wanted(place=place)
        return {row.name for row in selectors.resources(actor.organisation_id, at=at, wanted=wanted)}


def test_a_place_has_what_is_kept_for_it_within_it_and_for_what_it_lies_in(entered_for, agent_here, at):
    county, city, elsewhere = entered_for("天河的", "440106", at), entered_for("广州的", "440100", at), "440300"
    assert found_at(agent_here, "440106", at) == {county.name, city.name}
    assert found_at(agent_here, "440100", at) == {county.name, city.name}
    assert found_at(agent_here, elsewhere, at) == set()
    with acting(NOBODY):
        assert [d.code for d in selectors.places_with_resources(agent_here.organisation_id, at=at)] == [
            "440100",
            "440106",
        ]


def test_another_province_sees_none_of_it(entered_for, agent_elsewhere, at):
    entered_for("天河的", "440106", at)
    assert found_at(agent_elsewhere, "440106", at) == set()


def test_a_place_elsewhere_is_refused(agent_elsewhere, at):
    entered = services.Entered(kind="HOSPITAL", name="天河的", phone="020-00000000", division="440106")
    with acting(agent_elsewhere.scope), pytest.raises(Invalid) as refused:
        services.enter_resource(actor=agent_elsewhere, entered=entered, at=at)
    assert "division" in refused.value.fields


def test_what_runs_out_comes_back_to_be_looked_at(entered_for, leader_here, at):
    row = entered_for("天河的", "440106", at)
    with acting(leader_here.scope):
        assert selectors.resources_to_look_at(leader_here, at=at) == []
        later = at + timedelta(days=160)
        assert selectors.resources_to_look_at(leader_here, at=later) == [row]
        services.confirm_resource(actor=leader_here, resource_id=row.pk, at=later)
        assert selectors.resources_to_look_at(leader_here, at=later) == []
