"""Working on the code: as the demonstration, with Django's error pages."""

from qingting.config.settings.demo import *  # noqa: F403

DEBUG = True

WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
