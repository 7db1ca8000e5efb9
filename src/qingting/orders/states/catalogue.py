"""How a line of the dispatch catalogue says who handles."""

from django.db.models import TextChoices


class HandlerRule(TextChoices):
    """Province → city hub → county is CITY, and the city moves it on; straight to the county is COUNTY."""

    COUNTY = "COUNTY", "所在区县"
    CITY = "CITY", "所在地市"
    PROVINCE = "PROVINCE", "省级"
    FIXED = "FIXED", "指定单位"


class CatalogueState(TextChoices):
    DRAFT = "DRAFT", "草稿"
    ACTIVE = "ACTIVE", "已启用"


MOST_LINES = 300
TRIAL_DAYS = 31
LONGEST_MINUTES = 365 * 24 * 60
