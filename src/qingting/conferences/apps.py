from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "qingting.conferences"
    label = "conferences"

    def ready(self) -> None:
        """Say in words what the notices of this room are about, and let timelines read its notes."""
        from qingting.cases.panels import words_from
        from qingting.conferences.selectors import words_behind
        from qingting.staff.notices import word_notices

        words_from("conferences", words_behind)
        word_notices(
            {
                "conferences.invited": "邀请本单位参加会商，请回复是否参加",
                "conferences.changed": "会商的时间或地点有变动，请重新确认",
                "conferences.called-off": "会商已取消",
                "conferences.replied": "有单位回复了会商邀请",
                "conferences.decision-failed": "有一项会商决定未能落实，请决定怎么办",
                "conferences.all-settled": "会商决定都已落实，可以结束会商",
            },
            pages={"conference": "conferences:conference", "conference_decision": "conferences:decision"},
        )
