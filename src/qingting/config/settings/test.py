"""Tests: the owner's account (FORCE keeps row-level security honest), a throw-away folder, cheap password hashes."""

import os
import tempfile

os.environ.setdefault("QINGTING_VAR", tempfile.mkdtemp(prefix="qingting-test-"))

from qingting.config.settings.base import *  # noqa: F403

MODE = "demo"
# The test runner names a database that is migrated already (src/launcher/migrated.py); without it, migrations run.
_MIGRATED = os.environ.get("QINGTING_TEST_TEMPLATE", "")
_TEST = {"TEMPLATE": _MIGRATED or "template0", "MIGRATE": not _MIGRATED}
DATABASES = {"default": {**OWNER_DATABASE, "CONN_MAX_AGE": 0, "TEST": _TEST}}  # noqa: F405
REMEMBERING = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
