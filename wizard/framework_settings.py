"""How Django and what belongs to it are put together: nothing here reads the environment."""

from pathlib import Path
from typing import Any

from wizard.headers import FIXED, POLICY

BASE_DIR = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    # Without the registrations that other packages make for it.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_htmx",
    "django_q",
    "template_partials",
    "wizard",
    "wizard.vault",
    "wizard.record",
    "wizard.organizations",
    "wizard.access",
    "wizard.tables",
    "wizard.sources",
    "wizard.connections",
    "wizard.dataflows",
    "wizard.people",
    "wizard.monitoring",
    "wizard.retention",
]
MIDDLEWARE = [
    "wizard.reports.forget_afterwards",
    # Every answer has an id, is counted, and is told in the log.
    "wizard.record.middleware.note_origin",
    "wizard.monitoring.middleware.observe",
    # Then those that add to every answer: also to static files, and to what those below refuse.
    "wizard.headers.on_every_answer",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Above all that write into a page; static files are compressed once and for all.
    "wizard.compressing.CompressPages",
    "wizard.vault.middleware.verify_what_is_owed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wizard.people.middleware.end_sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wizard.people.middleware.SecondFactorMiddleware",
]
ROOT_URLCONF = "wizard.urls"
WSGI_APPLICATION = "wizard.wsgi.application"
# Requests that one process of the web server answers at once.
WEB_THREADS = 8
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wizard.pages.shared",
                "wizard.access.context.roles",
                "wizard.people.account.ways_in",
            ],
        },
    },
]
FORM_RENDERER = "wizard.pages.FormRenderer"
FILE_UPLOAD_HANDLERS = ["wizard.credentials.uploads.SmallFileHandler"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"


# All processes count failed sign-ins together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Not so few that somebody could push the counters of failed sign-ins out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# A form in which columns are chosen has a field for each of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security ---

DEFAULT_EXCEPTION_REPORTER = "wizard.reports.Reporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "wizard.reports.ReportFilter"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY, X_FRAME_OPTIONS = FIXED["Referrer-Policy"], FIXED["X-Frame-Options"]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": POLICY}

# --- Logs ---

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    # Which one is a setting.
    "formatters": {
        "text": {"()": "wizard.monitoring.lines.TextLines"},
        "json": {"()": "wizard.monitoring.lines.JsonLines"},
    },
    "filters": {
        "repeats": {"()": "wizard.log_lines.RepeatFilter"},
        "short": {"()": "wizard.log_lines.ShortFilter"},
        "links": {"()": "wizard.reports.LinkFilter"},
        "secrets": {"()": "wizard.reports.SecretFilter"},
    },
    # Secrets last: whatever the others have made of the words.
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "text",
            "filters": ["links", "repeats", "short", "secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # A task more or less is no news.
    "loggers": {
        "django-q": {"level": "WARNING"},
        # What it cannot connect to is told where somebody waits for it.
        "psycopg.pool": {"level": "ERROR"},
        # Not to Django's own handlers, which know none of the filters.
        "django": {"handlers": [], "level": "INFO"},
    },
}


def with_formatter(logging: dict[str, Any], name: str) -> dict[str, Any]:
    """The same with that formatter for the console."""
    console = logging["handlers"]["console"] | {"formatter": name or "text"}
    return logging | {"handlers": {"console": console}}
