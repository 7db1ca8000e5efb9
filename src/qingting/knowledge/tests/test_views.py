"""Colleagues write and review on their pages; seekers read on theirs, and no word of theirs stands in an address."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qingting.core.scope import EVERYTHING, acting
from qingting.knowledge import opening
from qingting.knowledge.models import Article, ArticleVersion, Resource, ResourceImport, Use

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WRITTEN = {
    "kind": "ARTICLE",
    "category": "EXAMS_ANXIETY",
    "title": "考前一晚吃什么",
    "summary": "吃平时吃的，不吃没吃过的。",
    "body": "吃平时吃的东西，少油少辣，早一点吃晚饭，不喝没喝过的补品。",
    "questions": "考前吃什么\n晚饭",
    "sources": "学校营养师",
    "months": "12",
    "then": "submit",
}


def test_writing_asking_and_publishing_by_two_people(agent_here, leader_here, seeded, sign_in):
    writer, reviewer = sign_in(agent_here, "writer"), sign_in(leader_here, "reviewer")
    assert "考前一晚吃什么" in writer.post(reverse("knowledge:new"), WRITTEN, follow=True).content.decode()
    with acting(EVERYTHING):
        version = ArticleVersion.objects.get(title="考前一晚吃什么")
    assert "考前一晚吃什么" in reviewer.get(reverse("knowledge:reviews")).content.decode()
    decided = reviewer.post(reverse("knowledge:decide", args=[version.pk]), {"act": "publish"})
    assert decided.status_code == 204
    seen = Client().post(reverse("portal:help-search"), {"words": "考前一晚吃什么好"}).content.decode()
    assert "吃平时吃的，不吃没吃过的。" in seen


def test_a_form_that_is_not_valid_comes_back_with_what_is_wrong(agent_here, seeded, sign_in):
    answer = sign_in(agent_here).post(reverse("knowledge:new"), {**WRITTEN, "title": "", "category": "NOWHERE"})
    assert answer.status_code == 422
    assert 'name="body"' in answer.content.decode()
    assert "少油少辣" in answer.content.decode()


def test_shelves_articles_and_places_open_without_a_name(seeded):
    with acting(EVERYTHING):
        article = Article.objects.get(code="sexual-assault")
    phone = Client()
    assert "校园欺凌" in phone.get(reverse("portal:help")).content.decode()
    assert "被同学欺负" in phone.get(reverse("portal:help") + "?shelf=BULLYING").content.decode()
    page = phone.get(reverse("portal:help-article", args=[article.pk])).content.decode()
    assert "错的是那个人，不是你" in page
    assert "tel:110" in page
    assert "tel:12338" in page
    assert "12356" in phone.get(reverse("portal:help-places")).content.decode()
    with acting(EVERYTHING):
        assert Use.objects.get(article_id=article.pk).reads == 1


def test_scripts_are_for_counsellors_only(agent_here, seeded, sign_in):
    with acting(EVERYTHING):
        script = Article.objects.get(code="script-suicide-asking")
    assert Client().get(reverse("portal:help-article", args=[script.pk])).status_code == 404
    assert sign_in(agent_here).get(reverse("knowledge:article", args=[script.pk])).status_code == 200


def test_feedback_is_counted_and_thanked(seeded):
    with acting(EVERYTHING):
        article = Article.objects.get(code="sleep")
    answer = Client().post(reverse("portal:help-feedback", args=[article.pk]), {"helped": "yes"})
    assert "谢谢" in answer.content.decode()
    with acting(EVERYTHING):
        assert Use.objects.get(article_id=article.pk).helped == 1


def test_a_search_of_nonsense_leads_to_a_person(seeded):
    seen = Client().post(reverse("portal:help-search"), {"words": "๑๑๑"}).content.decode()
    assert "没有找到" in seen
    assert "tel:12355" in seen


def test_pages_of_the_workbench_open(agent_here, leader_here, seeded, sign_in):
    client = sign_in(leader_here)
    for name in ("home", "places", "reviews", "new", "new-place"):
        assert client.get(reverse(f"knowledge:{name}")).status_code == 200, name
    found = client.post(reverse("knowledge:search"), {"words": "来访者说想死"}).content.decode()
    assert "话术" in found
    entered = {"kind": "AGENCY", "name": "天河社工站", "phone": "020", "days_1": ["1"], "from_1": "09:00", "to_1": ""}
    assert client.post(reverse("knowledge:new-place"), entered).status_code == 422
    assert client.post(reverse("knowledge:new-place"), {**entered, "to_1": "17:00"}).status_code == 302


def test_a_seeker_finds_what_is_near_and_open_without_a_place_in_the_address(agent_here, leader_here, seeded, sign_in):
    entered = {"kind": "AGENCY", "name": "天河社工站（示例）", "phone": "020", "division": "440106", "always": "on"}
    assert sign_in(agent_here, "writer").post(reverse("knowledge:new-place"), entered).status_code == 302
    with acting(EVERYTHING):
        row = Resource.objects.get(division="440106")
    sign_in(leader_here, "reviewer").post(reverse("knowledge:confirm-place", args=[row.pk]))
    phone, address = Client(), reverse("portal:help-places")
    assert "天河区</option>" in phone.get(address).content.decode()
    near = phone.post(address, {"place": "440106", "open": "1"}).content.decode()
    assert "天河社工站" in near
    assert "现在关着" not in near
    beside = sign_in(agent_here, "beside").get(reverse("knowledge:places"), {"place": "440106", "open": "1"})
    assert "天河社工站" in beside.content.decode()


TABLE = "编号,类别,名称,电话,地址,地区,开放时间,相关问题,说明\r\n,社工机构,{name},020,示例路,{place},全天,心理健康,不收钱\r\n"


def upload(client, name, place="440106"):
    file = SimpleUploadedFile("表.csv", TABLE.format(name=name, place=place).encode("gb18030"), "text/csv")
    return client.post(reverse("knowledge:import-places"), {"table": file}, follow=True)


def test_a_table_is_looked_at_written_confirmed_found_and_taken_back(agent_here, leader_here, seeded, sign_in):
    writer, reviewer = sign_in(agent_here, "writer"), sign_in(leader_here, "reviewer")
    page = upload(writer, "天河社工站")
    assert "会新增 <strong>1</strong> 条" in page.content.decode()
    with acting(EVERYTHING):
        assert not Resource.objects.filter(name="天河社工站").exists()
        brought = ResourceImport.objects.get()
    written = writer.post(
        reverse("knowledge:write-import", args=[brought.pk]), {"seen": page.context["seen"]}, follow=True
    )
    assert "写入了1条" in written.content.decode()
    with acting(EVERYTHING):
        row = Resource.objects.get(name="天河社工站")
    assert reviewer.post(reverse("knowledge:confirm-places"), {"place": [row.pk]}).status_code == 302
    assert "天河社工站" in writer.post(reverse("knowledge:places"), {"words": "示例路"}).content.decode()
    assert "天河社工站" in writer.get(reverse("knowledge:export-places")).content.decode("utf-8-sig")
    undone = writer.post(reverse("knowledge:undo-import", args=[brought.pk]), follow=True).content.decode()
    assert "1条后来有同事核对或修改过" in undone


def test_wrong_rows_and_wrong_files_say_what_to_do(agent_here, seeded, sign_in):
    writer = sign_in(agent_here)
    assert "不在本单位的地方里" in upload(writer, "广西社工站", "450000").content.decode()
    for content in (b"", b"\xff\xff\xff", "名称,电话\n甲,1\n".encode()):
        answer = writer.post(reverse("knowledge:import-places"), {"table": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code == 422
        assert 'id="i-error"' in answer.content.decode()
    assert writer.get(reverse("knowledge:import-example")).content.startswith(b"\xef\xbb\xbf")


def test_beside_a_talk_what_is_open_stands_first_ready_to_be_sent_and_read_aloud(agent_here, seeded, sign_in):
    client, address = sign_in(agent_here), reverse("knowledge:beside")
    first = client.post(address, {"talk": "1", "division_province": "440000", "category": "LAW_AID"}).content.decode()
    assert '<option value="440000" selected>广东省' in first
    assert '<option value="LAW" selected>' in first
    assert "幺二三四八" in first
    assert 'data-say="12348 法律服务热线\n电话：12348' in first
    rows = client.post(address, {"talk": "0", "place": "", "need": ""}).context["rows"]
    order = [opening.RANK[row["open"]] for row in rows]
    assert order == sorted(order)
    assert "data-say" not in client.post(address, {"talk": "0", "place": "", "need": "LAW"}).content.decode()
    assert Client().post(address).status_code == 302
