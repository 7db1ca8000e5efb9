"""Production: secure cookies, strict hosts."""

from qingting.config.settings.base import *  # noqa: F403

SECURE_COOKIES = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
