from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "qingting.sites.workbench"
    label = "workbench"

    def ready(self) -> None:
        """Notices about a conversation lead to the seat, or to the duty room."""
        from qingting.staff.notices import word_notices

        word_notices({}, pages={"conversation": "workbench:to-conversation"})
