"""Settings, all of them from the environment (README, "Settings").

A server that listens on loopback only, with its data in DATA_DIR, gets the secrets that it lacks made for it.
Every other installation has to name them.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv, validate

from wizard import environment as read
from wizard.database_settings import databases
from wizard.framework_settings import *  # noqa: F403
from wizard.framework_settings import BASE_DIR, LOGGING, with_formatter
from wizard.people.sign_in_settings import *  # noqa: F403

# Editors end a file with a line break, which is no part of a secret.
env = FileAwareEnv(eager=False, strip_whitespace=True)

# Ahead of reading: what is refused is not even opened.
if _sentences := read.told_to_all(sys.argv[1:], os.environ):
    raise ImproperlyConfigured("Settings: " + " ".join(_sentences))

try:
    HOST = env.str("HOST", "127.0.0.1")
    PORT = env.int("PORT", 8000, validate=validate.Range(1, 65534))
    # How strong one machine is: processes of the web server, and tasks that its worker does at once.
    WEB_WORKERS = env.int("WEB_WORKERS", 2, validate=validate.Range(1, 64))
    TASK_WORKERS = env.int("TASK_WORKERS", 4, validate=validate.Range(1, 64))
    DEBUG = env.bool("DEBUG", default=False)
    DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
    DATABASE_URL = env.str("DATABASE_URL", "", validate=read.database_url)
    TASK_BROKER_URL = env.str("TASK_BROKER_URL", "", validate=read.broker_url)
    SECRET_KEY = env.str("SECRET_KEY", "")
    CREDENTIAL_KEYS: list[str] = env.list("CREDENTIAL_KEYS", [])

    LOCAL_FLOW_SERVICE_PORT = (PORT or 8000) + 1
    _local = f"http://127.0.0.1:{LOCAL_FLOW_SERVICE_PORT}"
    # A value that is refused comes as None; seal() below tells of all of them.
    FLOW_SERVICE_URL = (env.str("FLOW_SERVICE_URL", "", validate=read.service_url) or "").rstrip("/")
    STARTS_LOCAL_FLOW_SERVICE = not FLOW_SERVICE_URL
    FLOW_SERVICE_URL = FLOW_SERVICE_URL or f"{_local}/data/foundation/flowservice"
    _derived = FLOW_SERVICE_URL.rsplit("/", 1)[0] + "/sandbox-management"
    SANDBOX_MANAGEMENT_URL = env.str("SANDBOX_MANAGEMENT_URL", _derived, validate=read.service_url)
    IMS_URL = env.str("IMS_URL", _local if STARTS_LOCAL_FLOW_SERVICE else "", validate=read.service_url)
    IMS_ORG_ID = env.str(
        "IMS_ORG_ID", "", validate=read.matching(read.IMS_ORG_ID, "must look like 0123456789ABCDEF@AdobeOrg.")
    )
    IMS_CLIENT_ID = env.str("IMS_CLIENT_ID", "")
    IMS_CLIENT_SECRET = env.str("IMS_CLIENT_SECRET", "")
    IMS_SCOPES = env.str(
        "IMS_SCOPES", "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"
    )
    ACCESS_TOKEN = env.str("ACCESS_TOKEN", "")
    SANDBOX_NAME = env.str(
        "SANDBOX_NAME",
        "prod",
        validate=read.matching(read.SANDBOX_NAME, "must be a sandbox's name: lower-case letters, digits and dashes."),
    )
    # Seconds that a whole call to the Flow Service may take. A create that is not answered by then is looked up.
    FLOW_SERVICE_TIMEOUT = env.int("FLOW_SERVICE_TIMEOUT", 60, validate=validate.Range(1, 600))
    # Names of variables that connections may refer to in the place of a secret; read when that is sent.
    SECRET_REFERENCES: list[str] = env.list("SECRET_REFERENCES", [], validate=read.reference_names)
    # Hours between two tests of a connection that nobody asks for; 0 for none.
    RETEST_HOURS = env.float("RETEST_HOURS", 0, validate=validate.Range(0, 24 * 365))
    # Days after which events, calls to Adobe, and connections that are deleted or failed are removed; 0 for never.
    KEEP_EVENTS_DAYS = env.int("KEEP_EVENTS_DAYS", 0, validate=validate.Range(0, 36_500))
    KEEP_CALLS_DAYS = env.int("KEEP_CALLS_DAYS", 0, validate=validate.Range(0, 36_500))
    KEEP_DELETED_DAYS = env.int("KEEP_DELETED_DAYS", 0, validate=validate.Range(0, 36_500))
    # The local Flow Service looks into the databases that connections describe, on this machine and on these hosts.
    LIVE = env.bool("LIVE", default=False)
    LIVE_HOSTS: list[str] = env.list("LIVE_HOSTS", [])
    # Sign-in at an OpenID provider.
    OIDC_ISSUER = env.str("OIDC_ISSUER", "", validate=read.service_url) or ""
    OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
    OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
    OIDC_NAME = env.str("OIDC_NAME", "single sign-on")
    OIDC_HOSTS: list[str] = env.list("OIDC_HOSTS", [])
    OIDC_ONLY = env.bool("OIDC_ONLY", default=False)
    REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=False)
    # Hours without a request after which somebody is signed out.
    SESSION_HOURS = env.float("SESSION_HOURS", 12, validate=validate.Range(0.1, 24 * 7))
    # Without a host nothing is sent at all: mails in a log would be links to new passwords in a log.
    EMAIL_HOST = env.str("EMAIL_HOST", "")
    EMAIL_PORT = env.int("EMAIL_PORT", 587, validate=validate.Range(1, 65535))
    EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
    EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "", validate=read.sender)
    # What others watch us by: lines of the log, numbers, traces.
    LOG_FORMAT = env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
    METRICS_TOKEN = env.str(
        "METRICS_TOKEN", "", validate=read.matching(read.BEARER, "must be 16 or more letters, digits or -._~+/=.")
    )
    # Where a worker serves the numbers of its machine; 0 for nowhere.
    METRICS_PORT = env.int("METRICS_PORT", 0, validate=validate.Range(0, 65535))
    OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", "", validate=read.collector_url)
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", validate=read.collector_url)
    env.seal()
    SECRET_REFERENCES = [name.strip() for name in SECRET_REFERENCES or ()]
    OWN_SETTINGS = frozenset(env.dump())
except ValueError as error:  # environs' own errors are such, too
    raise ImproperlyConfigured(f"Settings: {read.sentences(error)}") from None

# --- What the rest of the environment follows from ---

# Nothing but this machine can reach a server on loopback that answers to no name of its own.
IS_LOCAL = read.is_loopback(HOST) and not ALLOWED_HOSTS and not DATABASE_URL
# Whatever answers on loopback is not Adobe; every page says so.
PRACTICE = read.is_loopback(urlsplit(FLOW_SERVICE_URL).hostname or "")
SQLITE_FILE = DATA_DIR / "wizard.sqlite3"
METRICS_DIR = DATA_DIR / "metrics"
TRACES = bool(OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
LOGGING = with_formatter(LOGGING, LOG_FORMAT)
# What the local Flow Service knows beside the organization above, to be added on the Organizations page.
PRACTICE_ORGANIZATIONS = DATA_DIR / "practice_organizations.json"
EMAIL_IS_SET = bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_IS_SET else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 10


def _required() -> list[str]:
    """Sentences for what is missing; a key is never made for data that is there already."""
    missing = read.told_to_all(sys.argv[1:], {}, CREDENTIAL_KEYS)
    missing += [
        f"SECRET_REFERENCES: {name} is a setting of the wizard’s own, and no connection may send it."
        for name in SECRET_REFERENCES
        if name in OWN_SETTINGS
    ]
    if "*" in ALLOWED_HOSTS:
        missing.append(
            "ALLOWED_HOSTS must name hosts: with * the links in invitations would lead wherever a request says."
        )
    if TRACES and not read.is_installed("opentelemetry.exporter.otlp.proto.http"):
        missing.append(
            "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, and their packages are not installed. Install them with "
            "“pip install --require-hashes -r requirements/tracing.txt”, or unset it."
        )
    if DEBUG and not IS_LOCAL:
        missing.append("DEBUG shows too much to be set where others can reach the server.")
    if not IS_LOCAL:
        needed = {"SECRET_KEY": SECRET_KEY, "CREDENTIAL_KEYS": CREDENTIAL_KEYS, "ALLOWED_HOSTS": ALLOWED_HOSTS}
        missing += [
            f"{name} is required unless the server listens on loopback alone." for name in needed if not needed[name]
        ]
    elif not CREDENTIAL_KEYS and SQLITE_FILE.exists() and not (DATA_DIR / "credential_keys").exists():
        missing.append(f"CREDENTIAL_KEYS is missing: {SQLITE_FILE} was sealed with keys that are not in {DATA_DIR}.")
    else:
        missing += filter(
            None, (read.exposed("DATA_DIR", DATA_DIR / name) for name in ("secret_key", "credential_keys"))
        )
    if LIVE and not STARTS_LOCAL_FLOW_SERVICE:
        missing.append("LIVE is for the local Flow Service, and FLOW_SERVICE_URL names another one: unset one of them.")
    if not STARTS_LOCAL_FLOW_SERVICE:
        needed = {"IMS_ORG_ID": IMS_ORG_ID, "IMS_CLIENT_ID": IMS_CLIENT_ID}
        if not ACCESS_TOKEN:
            needed |= {"IMS_URL": IMS_URL, "IMS_CLIENT_SECRET": IMS_CLIENT_SECRET}
        missing += [f"{name} is required with FLOW_SERVICE_URL." for name in needed if not needed[name]]
    return missing + _required_to_sign_in()


def _required_to_sign_in() -> list[str]:
    missing = []
    if OIDC_ISSUER:
        needed = {"OIDC_CLIENT_ID": OIDC_CLIENT_ID, "OIDC_CLIENT_SECRET": OIDC_CLIENT_SECRET}
        missing += [f"{name} is required with OIDC_ISSUER." for name in needed if not needed[name]]
    elif OIDC_ONLY:
        missing.append("OIDC_ISSUER is required with OIDC_ONLY: nobody could sign in.")
    if EMAIL_HOST and not DEFAULT_FROM_EMAIL:
        missing.append("DEFAULT_FROM_EMAIL is required with EMAIL_HOST.")
    if EMAIL_USE_SSL and EMAIL_USE_TLS:
        missing.append("EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other.")
    if EMAIL_HOST_PASSWORD and not (EMAIL_USE_SSL or EMAIL_USE_TLS or read.is_loopback(EMAIL_HOST)):
        missing.append("EMAIL_USE_TLS or EMAIL_USE_SSL is required with EMAIL_HOST_PASSWORD: it would travel in clear.")
    return missing


if _sentences := _required():
    raise ImproperlyConfigured("Settings: " + " ".join(_sentences))

if IS_LOCAL:
    SECRET_KEY = SECRET_KEY or read.generated(DATA_DIR / "secret_key", read.new_secret)
    CREDENTIAL_KEYS = CREDENTIAL_KEYS or read.generated(DATA_DIR / "credential_keys", read.new_credential_key).split(
        ","
    )
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", HOST]
# For whoever looks for them: a name or a path, and no key.
CREDENTIAL_KEYS_FROM = os.environ.get("CREDENTIAL_KEYS_FILE") or (
    "the environment variable CREDENTIAL_KEYS"
    if os.environ.get("CREDENTIAL_KEYS")
    else str(DATA_DIR / "credential_keys")
)
if STARTS_LOCAL_FLOW_SERVICE:
    IMS_ORG_ID = IMS_ORG_ID or "0000000000000000PRACTICE@AdobeOrg"
    IMS_CLIENT_ID = IMS_CLIENT_ID or "practice-client"
    IMS_CLIENT_SECRET = IMS_CLIENT_SECRET or read.generated(DATA_DIR / "practice_client_secret", read.new_secret)
    read.generated(PRACTICE_ORGANIZATIONS, read.new_practice_organizations)

DATABASES = databases(DATABASE_URL, SQLITE_FILE)
STATIC_ROOT = DATA_DIR / "static"

# --- People ---

SESSION_COOKIE_AGE = int((SESSION_HOURS or 12) * 60 * 60)
ACCOUNT_EMAIL_NOTIFICATIONS = EMAIL_IS_SET
# The provider's name is the issuer's: who changes the issuer, changes what its subjects mean.
SOCIALACCOUNT_PROVIDERS = read.single_sign_on(OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME)

# --- Security ---

# The ports of one machine share their cookies: a neighbour's may have Django's usual names.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "wizard_session", "wizard_csrf"
if not IS_LOCAL:
    from wizard.proxy_settings import *  # noqa: F403

# --- Background work: by itself the queue is a table of the same database, so a task and its row commit together ---

Q_CLUSTER = {
    "name": "wizard",
    "label": "Background work",
    "orm": "default",
    "broker_class": f"wizard.{'redis' if TASK_BROKER_URL else 'database'}_broker.Broker",
    "workers": TASK_WORKERS,
    # Seconds between two looks into an empty queue: a person waits for it.
    "poll": 0.05,
    "timeout": 3 * FLOW_SERVICE_TIMEOUT,
    "retry": 4 * FLOW_SERVICE_TIMEOUT,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": -1,
}
