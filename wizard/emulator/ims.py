"""Access tokens: IMS issues them to the clients that it knows, the gateway asks here whose one is.

https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/ims
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from wizard.emulator.errors import oauth, problem
from wizard.emulator.messages import Request, Response
from wizard.emulator.store import Store

LIFETIME = 86_399
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Tenant:
    """An organization that is served, its API credential, and its production sandbox."""

    ims_org_id: str
    client_id: str
    client_secret: str = field(repr=False)
    sandbox_name: str


class Ims:
    def __init__(self, tenants: Iterable[Tenant], store: Store) -> None:
        self._tenants = {tenant.client_id: tenant for tenant in tenants}
        self._store = store
        self.lifetime: float = LIFETIME

    def issue(self, request: Request) -> Response:
        """POST /ims/token/v3: a new token. Raises Refusal in OAuth's shape."""
        if request.method != "POST":
            raise problem(405, "Tokens are asked for with POST.", {"Allow": "POST"})
        if request.media_type != FORM:
            raise oauth(400, "invalid_request", f"The content type must be {FORM}.")
        tenant = self._authenticated(_form(request.body))
        token = secrets.token_urlsafe(48)
        now = time.time()
        self._store.add_token(_digest(token), tenant.client_id, now + self.lifetime, now)
        body = {"access_token": token, "token_type": "bearer", "expires_in": int(self.lifetime)}
        return Response(200, body, {"Cache-Control": "no-store"})

    def owner(self, token: str) -> Tenant | None:
        """Whose token it is; None for one that is not good, or whose client is served no more."""
        return self._tenants.get(self._store.client_of(_digest(token), time.time()) or "")

    def end_all(self) -> None:
        """Every token that was issued ends now."""
        self._store.forget_tokens()

    def _authenticated(self, form: dict[str, str]) -> Tenant:
        for name in ("grant_type", "client_id", "client_secret", "scope"):
            if not form.get(name):
                raise oauth(400, "invalid_request", f"The parameter {name} is missing.")
        if form["grant_type"] != "client_credentials":
            raise oauth(400, "unsupported_grant_type", "The grant type must be client_credentials.")
        tenant = self._tenants.get(form["client_id"])
        if not tenant or not _same(form["client_secret"], tenant.client_secret):
            raise oauth(401, "invalid_client", "The client id or the client secret is not valid.")
        return tenant


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise oauth(400, "invalid_request", "The form has too many fields.") from None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
