from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "qingting.complaints"
    label = "complaints"

    def ready(self) -> None:
        """Say in words what the notices of this room are about."""
        from qingting.complaints.states import NOTICES
        from qingting.staff.notices import word_notices

        word_notices(NOTICES, pages={"complaint": "complaints:complaint"})
