"""Who may read the numbers: whoever has METRICS_TOKEN; without one, this machine itself."""

import hmac
from collections.abc import Mapping

from django.conf import settings

from wizard.environment import is_loopback

# Where one of these is set, somebody else asks by a proxy of this machine.
BY_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
SCHEME = "bearer "


def may_read(address: str, headers: Mapping[str, str]) -> bool:
    """`address` is that of the other end of the connection; `headers` are found whatever their case."""
    if settings.METRICS_TOKEN:
        given = headers.get("Authorization") or ""
        is_bearer = given[: len(SCHEME)].lower() == SCHEME
        return is_bearer and hmac.compare_digest(given[len(SCHEME) :].encode(), settings.METRICS_TOKEN.encode())
    return is_loopback(address) and not any(headers.get(name) for name in BY_A_PROXY)
