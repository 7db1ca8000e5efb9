"""The pages of conferences."""

from qingting.conferences.views import acts, letters, pages

__all__ = ["acts", "letters", "pages"]
