"""Settings that hold everywhere. What differs by place comes from the environment; see docs/operators."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

PACKAGE = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("QINGTING_VAR", Path.cwd() / "var")).resolve()
MODE = os.environ.get("QINGTING_MODE", "production")


def _secret(name: str) -> str:
    """A secret of this installation, made on first use and kept outside the database."""
    import secrets

    path = VAR / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), "ascii")
    return path.read_text("ascii").strip()


_CONNECTION = {"server_side_binding": True, "prepare_threshold": 3, "application_name": "qingting"}


def database_from(url: str, *, user: str = "", password: str = "") -> dict[str, object]:
    """Django's settings for a `postgresql://` address; a user and password named here win over those in it."""
    parts = urlparse(url)
    return {
        "ENGINE": "qingting.core.database",
        "NAME": parts.path.lstrip("/"),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "USER": user or unquote(parts.username or ""),
        "PASSWORD": password or unquote(parts.password or ""),
        "CONN_MAX_AGE": None,
        "ATOMIC_REQUESTS": True,  # row-level security shows nothing outside a transaction
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**dict(parse_qsl(parts.query)), **_CONNECTION},
    }


SECRET_KEY = os.environ.get("QINGTING_SECRET_KEY") or _secret("django")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("QINGTING_ALLOWED_HOSTS", "*").split(",")
APPLICATION_ROLE = os.environ.get("QINGTING_APPLICATION_ROLE", "qingting_app")
DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql:///qingting")
OWNER_DATABASE = database_from(DATABASE_URL)
DATABASES = {"default": database_from(DATABASE_URL, user=APPLICATION_ROLE, password=_secret("application-role"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "core",
    "directory",
    "staff",
    "exports",
    "knowledge",
    "seekers",
    "duty",
    "telephony",
    "chat",
    "reception",
    "lexicon",
    "contacts",
    "risk",
    "cases",
    "orders",
    "linkage",
    "conferences",
    "chains",
    "followups",
    "assistance",
    "complaints",
    "statistics",
    "sites.portal",
    "sites.workbench",
    "sites.exchange",
    "simulation",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    *(f"qingting.{room}" for room in ROOMS if (PACKAGE / room.replace(".", "/") / "apps.py").exists()),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "qingting.core.middleware.request_reference",
    "qingting.core.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qingting.sites.portal.languages.page_language",
    "django.middleware.common.CommonMiddleware",
    "qingting.core.incoming.whole_characters",
    "qingting.core.forms_guard.FormsGuard",
    "django_htmx.middleware.HtmxMiddleware",
    "qingting.staff.middleware.known_actor",
    "qingting.core.middleware.DomainErrors",
    "qingting.core.middleware.OnceMore",
]
ROOT_URLCONF = "qingting.config.urls"
WSGI_APPLICATION = "qingting.config.wsgi.application"
EVENT_FLOW = "qingting.flow.FLOW"
VAULTS = "qingting.flow.VAULTS"
AUTH_USER_MODEL = "staff.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "qingting.staff.context.people",
            ]
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "sites" / "assets"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

CSRF_COOKIE_NAME = "qt_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "qingting.core.refusals.expired_form"
SESSION_COOKIE = "qt_session"
VISIT_COOKIE = "qt_visit"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_COOKIES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
TRUSTED_PROXIES = os.environ.get("QINGTING_TRUSTED_PROXIES", "").split(",")

# Seldom changing answers (codes, clock rules, whose key it is) are kept for seconds; off in tests, which change them.
REMEMBERING = True

DESK_ID = os.environ.get("QINGTING_DESK_ID", "desk-12355")
DESK_REGION = os.environ.get("QINGTING_DESK_REGION", "440000")
HTTP_PORT = int(os.environ.get("QINGTING_HTTP_PORT", "8000"))
DESK_PORT = int(os.environ.get("QINGTING_DESK_PORT", "8110"))

# The telephone: Asterisk's REST interface, this Asterisk's name among several, and how the 110 is dialled from it.
TELEPHONE = os.environ.get("QINGTING_TELEPHONE", "on") != "off"
ARI_URL = os.environ.get("QINGTING_ARI_URL") or f"http://127.0.0.1:{os.environ.get('QINGTING_ARI_PORT', '8088')}/ari"
ARI_USER = os.environ.get("QINGTING_ARI_USER", "qingting")
ARI_PASSWORD = os.environ.get("QINGTING_ARI_PASSWORD", "")
ASTERISK_NAME = os.environ.get("QINGTING_ASTERISK_NAME", "asterisk")
SEAT_SILENT_SECONDS = int(
    os.environ.get("QINGTING_SEAT_SILENT_SECONDS", "10")
)  # without any voice from a seat's browser
SEAT_HOLD_SECONDS = int(
    os.environ.get("QINGTING_SEAT_HOLD_SECONDS", "60")
)  # the same while it holds by its own telephone
STRANGERS_A_MINUTE = int(os.environ.get("QINGTING_STRANGERS_A_MINUTE", "300"))  # numbers nobody here knows, together
RECORDINGS_KEPT = timedelta(days=int(os.environ.get("QINGTING_RECORDINGS_DAYS", "180")))
STUN_URLS = [url for url in os.environ.get("QINGTING_STUN_URLS", "").split(",") if url]
TURN_URLS = [url for url in os.environ.get("QINGTING_TURN_URLS", "").split(",") if url]
TURN_SECRET = os.environ.get("QINGTING_TURN_SECRET", "")
DIAL_110 = os.environ.get("QINGTING_DIAL_POLICE") or "PJSIP/desk-110"
DIAL_OUT = os.environ.get("QINGTING_DIAL_OUT") or "PJSIP/{number}@trunk"

# How the world opens this platform: the links in alerts begin with it.
PUBLIC_URL = os.environ.get("QINGTING_PUBLIC_URL") or f"http://127.0.0.1:{HTTP_PORT}"
# Hosts that alerts may be posted to (an SMS gateway); the chat services' own addresses need no entry.
ALERT_WEBHOOK_HOSTS = [host for host in os.environ.get("QINGTING_ALERT_WEBHOOK_HOSTS", "").split(",") if host]
# An OpenAI-compatible model of one's own that words the night answers; without an address there is none.
WORDING_URL = os.environ.get("QINGTING_WORDING_URL", "")
WORDING_MODEL = os.environ.get("QINGTING_WORDING_MODEL", "")
WORDING_KEY = os.environ.get("QINGTING_WORDING_KEY", "")
WORDING_SECONDS = 3.0  # the plain answer is given before; what a model adds to it later is not wanted

# After sign-off, organisations that took part may still read for so many days, then their access ends by itself.
CASE_READING_DAYS = int(os.environ.get("QINGTING_CASE_READING_DAYS", "30"))
# The gateway for text messages, as an address of apprise with `{number}` where the number stands; empty: they stay in the outbox.
SMS_URL = os.environ.get("QINGTING_SMS_URL", "")
# A low rating (2 of 5 or less, or 没有帮助) always calls for review; with this on it also reopens the case at once.
LOW_RATING_REOPENS = os.environ.get("QINGTING_LOW_RATING_REOPENS", "") == "on"

# What a web process calls before it says that it is ready.
WARM_UP = ["qingting.linkage.wire.warm_up"]

# A large model of one's own that reads along (any OpenAI-compatible endpoint); off while empty. It may raise danger only.
SECOND_OPINION_URL = os.environ.get("QINGTING_SECOND_OPINION_URL", "")
SECOND_OPINION_MODEL = os.environ.get("QINGTING_SECOND_OPINION_MODEL", "default")
SECOND_OPINION_KEY = os.environ.get("QINGTING_SECOND_OPINION_KEY", "")
SECOND_OPINION_SECONDS = float(os.environ.get("QINGTING_SECOND_OPINION_SECONDS", "8"))

# name on the health page, step, seconds to wait when there was nothing to do, whether the health page watches it
WORKER_LOOPS = [
    ("worker", "qingting.core.jobs.show_life", 2.0, False),
    ("clocks", "qingting.core.jobs.move_clocks", 0.5, True),
    ("line", "qingting.duty.jobs.keep_line_moving", 0.3, True),
    ("statistics", "qingting.statistics.jobs.refresh_facts", 0.5, True),
    ("order-bulk", "qingting.orders.jobs.work_on_bulk", 1.0, False),
    ("order-search", "qingting.orders.jobs.index_changed", 0.5, True),
    ("exports", "qingting.exports.jobs.work_on_exports", 1.0, False),
    ("export-expiry", "qingting.exports.jobs.expire_exports", 60.0, False),
    ("outbox", "qingting.linkage.jobs.outbox_step", 0.2, True),
    ("links", "qingting.linkage.jobs.link_step", 1.5, True),
    ("peers", "qingting.linkage.jobs.poll_step", 3.0, False),
    ("nonces", "qingting.linkage.jobs.tidy_step", 60.0, False),
    ("seals", "qingting.core.jobs.seal_journal", 10.0, True),
    ("ratings", "qingting.followups.jobs.waive_expired_ratings", 60.0, False),
    ("tracking", "qingting.followups.jobs.make_visits", 60.0, False),
    ("messages", "qingting.followups.jobs.send_messages", 2.0, False),
    ("announcements", "qingting.telephony.jobs.end_announcements", 0.5, True),
    ("recordings", "qingting.telephony.jobs.delete_old_recordings", 600.0, False),
    ("text-links", "qingting.telephony.jobs.send_text_links", 1.0, False),
    ("second-opinion", "qingting.chat.jobs.second_opinion_step", 0.5, False),
    ("lexicon", "qingting.lexicon.jobs.measure", 1.0, False),
    ("tidy", "qingting.core.jobs.tidy", 30.0, False),
    ("alerts", "qingting.reception.jobs.call", 0.3, True),
    ("reception", "qingting.reception.jobs.attend", 1.0, True),
    ("wording", "qingting.reception.jobs.word", 0.5, False),
    ("knowledge", "qingting.knowledge.jobs.expire_articles", 600.0, False),
    ("receipts", "qingting.sites.exchange.jobs.tidy_receipts", 600.0, False),
]

# Lists that may be taken out of the house as files, each by the dotted name of its `exports.states.Sheet`.
EXPORT_SHEETS = [
    "qingting.orders.exporting.ORDERS",
    "qingting.orders.exporting.SUPERVISED",
    "qingting.followups.exporting.FOLLOW_UPS",
    "qingting.followups.exporting.RATINGS",
    "qingting.complaints.exporting.COMPLAINTS",
]

# Each gives gauges for /metrics.
METRICS = ["qingting.core.metrics.of_core", "qingting.duty.metrics.of_duty"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "qingting.core.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
