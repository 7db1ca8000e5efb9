"""The lexicon's addresses. They carry ids and codes of rules only."""

from django.urls import path

from qingting.lexicon.views import corrections, home, versions

app_name = "lexicon"
urlpatterns = [
    path("", home.home, name="home"),
    path("rules", home.rule_list, name="rules"),
    path("try", home.trial, name="try"),
    path("draft", versions.draft, name="draft"),
    path("roll-back", versions.roll_back, name="roll-back"),
    path("versions/<int:version_id>", versions.version, name="version"),
    path("versions/<int:version_id>/progress", versions.progress, name="progress"),
    path("versions/<int:version_id>/change", versions.change, name="change"),
    path("versions/<int:version_id>/take-back", versions.take_back, name="take-back"),
    path("versions/<int:version_id>/rules/new", versions.rule, name="new-rule"),
    path("versions/<int:version_id>/rules/<str:rule_id>", versions.rule, name="rule"),
    path("versions/<int:version_id>/withdraw-rule", versions.withdraw_rule, name="withdraw-rule"),
    path("versions/<int:version_id>/submit", versions.submit, name="submit"),
    path("versions/<int:version_id>/reopen", versions.reopen, name="reopen"),
    path("versions/<int:version_id>/withdraw", versions.withdraw, name="withdraw"),
    path("versions/<int:version_id>/decide", versions.decide, name="decide"),
    path("versions/<int:version_id>/words/<str:kind>", versions.words, name="words"),
    path("corrections", corrections.corrections, name="corrections"),
    path("corrections/export", corrections.export, name="export"),
    path("corrections/<int:sign_id>", corrections.correction, name="correction"),
]
