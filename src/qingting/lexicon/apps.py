from django.apps import AppConfig


class LexiconConfig(AppConfig):
    name = "qingting.lexicon"
    label = "lexicon"

    def ready(self) -> None:
        from qingting.lexicon.selectors import edition_for
        from qingting.screening.editions import kept_by
        from qingting.staff.notices import word_notices

        kept_by(edition_for)
        word_notices(
            {
                "lexicon.to-approve": "有一版识别词库评测完毕，等您复核",
                "lexicon.refused": "您提出的词库修改评测不通过",
                "lexicon.sent-back": "您提出的词库修改被退回",
                "lexicon.activated": "识别词库换了一版",
                "lexicon.emergency": "识别词库被紧急退回旧版",
            },
            pages={"lexicon_version": "lexicon:version"},
        )
