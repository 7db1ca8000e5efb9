from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "qingting.cases"
    label = "cases"

    def ready(self) -> None:
        from qingting.cases.panels import words_from
        from qingting.cases.selectors import words_of
        from qingting.staff.notices import word_notices

        words_from("cases", words_of)
        word_notices({}, pages={"case": "cases:case"})
