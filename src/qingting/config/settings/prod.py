"""Production: secure cookies, strict hosts."""

import os

from qingting.config.settings.base import *  # noqa: F403

# Only names that the operator has named; a request for any other is refused.
ALLOWED_HOSTS = os.environ.get("QINGTING_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
SECURE_COOKIES = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
