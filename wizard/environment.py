"""Readers for the environment variables that Django's own types do not cover.

Every reader raises ValidationError with a sentence that environs prints beside the variable's name.
"""

import base64
import hashlib
import importlib.util
import json
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping, Sequence
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import ValidationError

IMS_ORG_ID = re.compile(r"[0-9A-Za-z]+@AdobeOrg")
REDIS_DATABASE = re.compile(r"/?[0-9]{0,4}")
REFERENCE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
BEARER = re.compile(r"[A-Za-z0-9._~+/=-]{16,}")
SANDBOX_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,255}")
KEY_OPTION = re.compile(r"--?(credential[-_])?keys?(=.*)?", re.IGNORECASE | re.DOTALL)
LIKE_A_KEY = re.compile(r"[A-Za-z0-9+/_-]{43}=")
IN_ARGUMENTS = (
    "A key is among the arguments, which every user of this machine can read. Take it as known, and make another one. "
    "Give keys in the environment variable CREDENTIAL_KEYS, or in a file that CREDENTIAL_KEYS_FILE names."
)
REMEDY = "Make it its owner’s alone with “chmod 600”; where Docker or Kubernetes mounts it, set its mode to 0400."


def sentences(error: ValueError) -> str:
    """What environs found, a sentence for each variable."""
    found = getattr(error, "error_messages", None)
    if not isinstance(found, Mapping):
        return str(error)
    return " ".join(f"{name}: {' '.join(problems)}" for name, problems in found.items())


def is_loopback(host: str) -> bool:
    """True for localhost and for the loopback addresses, with or without IPv6 brackets."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def service_url(value: str) -> None:
    """Takes a base URL, clear text only to this machine; or none."""
    if not value:
        return
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port_or_none(parts):
        raise ValidationError("must be an http or https URL with a host.")
    if "@" in parts.netloc or " " in value or parts.query or parts.fragment:
        raise ValidationError("must be a plain base URL: no user, query or fragment.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValidationError("must begin with https://, because credentials travel over it.")


def collector_url(value: str) -> None:
    """Takes where traces are sent to, in clear text, too: nothing secret stands in them; or none."""
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or not _has_port_or_none(parts)):
        raise ValidationError("must be an http or https URL with a host.")


def is_installed(module: str) -> bool:
    """Whether a module could be imported; only the packages that it is in are."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def sender(value: str) -> None:
    """Takes an address that mails can come from, with or without a name before it; or none."""
    _name, address = parseaddr(value)
    if value and (address.count("@") != 1 or " " in address or "\n" in value or "\r" in value):
        raise ValidationError("must be an e-mail address, such as wizard@example.com.")


def single_sign_on(issuer: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """What allauth needs to know of the one provider; nothing without an issuer.

    Its id is made from the issuer, since a subject (`sub`) is somebody else at another one.
    """
    if not issuer:
        return {}
    provider_id = "oidc-" + hashlib.sha256(issuer.encode()).hexdigest()[:16]
    where = {"server_url": issuer.rstrip("/"), "issuer": issuer}
    app = {"provider_id": provider_id, "name": name, "client_id": client_id, "secret": secret, "settings": where}
    return {"single_sign_on": {"APPS": [app]}}


def _has_port_or_none(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def database_url(value: str) -> None:
    """Takes what `dj_database_url` understands as PostgreSQL, or nothing; the refusal does not repeat the password."""
    if not value:
        return
    try:
        name = dj_database_url.parse(value)["NAME"] if urlsplit(value).scheme.startswith("postgres") else ""
    except ValueError:
        name = ""
    if not name:
        raise ValidationError("must look like postgresql://user:password@host:5432/database.")


def broker_url(value: str) -> None:
    """Takes the URL of a Redis, or nothing; the refusal does not repeat the password."""
    if not value:
        return
    parts = urlsplit(value)
    is_redis = parts.scheme in ("redis", "rediss") and bool(parts.hostname) and _has_port_or_none(parts)
    if not is_redis or not REDIS_DATABASE.fullmatch(parts.path) or parts.fragment:
        raise ValidationError("must look like rediss://user:password@host:6379/0.")


def matching(pattern: re.Pattern[str], sentence: str) -> Callable[[str], None]:
    """A validator that takes values matching the whole pattern, and tells others the sentence."""

    def validate(value: str) -> None:
        if value and not pattern.fullmatch(value):
            raise ValidationError(sentence)

    return validate


def told_to_all(arguments: Sequence[str], environ: Mapping[str, str], keys: Sequence[str] = ()) -> list[str]:
    """Sentences about keys that every user of the machine can read: in the arguments, or in a file.

    What is in the arguments is in the list of processes. `keys` are those that are known by now. None is repeated.
    """
    made = environ.get("MAKEFLAGS", "").split()
    told = [IN_ARGUMENTS] if any(_holds_key(argument, keys) for argument in (*arguments, *made)) else []
    files = {name: environ.get(name, "") for name in ("CREDENTIAL_KEYS_FILE", "SECRET_KEY_FILE")}
    return [*told, *filter(None, (exposed(name, Path(path)) for name, path in files.items() if path))]


def _holds_key(argument: str, keys: Sequence[str]) -> bool:
    is_option = KEY_OPTION.fullmatch(argument) or "CREDENTIAL_KEYS=" in argument
    return bool(is_option) or bool(LIKE_A_KEY.fullmatch(argument)) or any(key in argument for key in keys if key)


def exposed(name: str, path: Path) -> str:
    """A sentence about a file that is none, or that others can read; "" where it is good, or not there at all."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""
    if not stat.S_ISREG(mode):
        return f"{name}: {path} is not a regular file."
    if mode & 0o077:
        return f"{name}: others can read {path} (mode {stat.S_IMODE(mode):04o}). {REMEDY}"
    return ""


def reference_names(names: list[str]) -> None:
    """Takes names of variables as an environment has them, each once; none that ends as our names of files do."""
    found = [name.strip() for name in names]
    fit = all(REFERENCE.fullmatch(name) and not name.endswith("_FILE") for name in found)
    if not fit or len(set(found)) < len(found):
        raise ValidationError("must be names such as WAREHOUSE_PASSWORD, separated by commas, none of them twice.")


def generated(path: Path, make: Callable[[], str]) -> str:
    """The text in a file that only its owner may read; made at the first call.

    Two processes that start at once agree: the file appears whole, and the first one to link it wins.
    Raises ImproperlyConfigured where it cannot be written or read.
    """
    try:
        return _generated(path, make)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR: {error.filename or path} cannot be used: {error.strerror}.") from None


def _generated(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(make())
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text().strip()


def new_secret() -> str:
    return secrets.token_urlsafe(48)


def new_credential_key() -> str:
    """32 random bytes in base64, as `openssl rand -base64 32` prints them."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_practice_organizations() -> str:
    """One more organization for the local Flow Service, in JSON, with a client of its own."""
    organization = {
        "ims_org_id": "1111111111111111PRACTICE@AdobeOrg",
        "client_id": "second-practice-client",
        "client_secret": new_secret(),
        "sandbox_name": "prod",
    }
    return json.dumps([organization], indent=2)
