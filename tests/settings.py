"""The product's settings, with nothing of the surrounding environment, and state of their own."""

import os
from pathlib import Path

import dj_database_url

PREFIXES = ("IMS_", "FLOW_SERVICE_", "SANDBOX_", "OIDC_", "EMAIL_", "SECRET_REF", "METRICS_", "OTEL_", "KEEP_")

for name in list(os.environ):
    if name.startswith(PREFIXES) or name in (
        *("HOST", "PORT", "DEBUG", "DATABASE_URL", "SECRET_KEY", "CREDENTIAL_KEYS", "ALLOWED_HOSTS", "ACCESS_TOKEN"),
        *("DEFAULT_FROM_EMAIL", "REQUIRE_SECOND_FACTOR", "SESSION_HOURS", "LOG_FORMAT"),
        *("WEB_WORKERS", "TASK_WORKERS", "TASK_BROKER_URL"),
    ):
        del os.environ[name]
os.environ["DATA_DIR"] = str(Path(__file__).resolve().parent.parent / "var" / "test")

from wizard.settings import *  # noqa: E402, F403

# The test client asks for no hashed names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# One process for all tests: what one of them says often, another one would say no more.
LOGGING["handlers"]["console"]["filters"].remove("repeats")  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
FLOW_SERVICE_TIMEOUT = 2
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
if url := os.environ.get("TEST_DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(url)}
else:
    # A file as in the product: threads of one test wait for each other's locks there.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / f"test-{os.getpid()}.sqlite3")}  # noqa: F405
