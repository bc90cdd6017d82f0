"""Access tokens from Adobe's identity service (IMS), by the OAuth server-to-server credential of a project."""

from collections.abc import Callable
from urllib.parse import urlencode

from wizard.flow_service.datatypes import Token
from wizard.flow_service.errors import FlowServiceError, NotSent
from wizard.flow_service.http import Exchange, Session, call, new_call_id


def fetch_token(
    ims_url: str,
    *,
    client_id: str,
    client_secret: str,
    scopes: str,
    timeout: float,
    note: Callable[[Exchange], None] = lambda _: None,
    new_id: Callable[[], str] = new_call_id,
) -> Token:
    """A new access token. `scopes` is a comma separated list, `timeout` is in seconds; the last two are as in `call`.

    Raises NotSent, with the status, code and words of IMS: without a token nothing can reach the Flow Service.
    https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/ims
    """
    fields = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "scope": scopes,
    }
    failure: FlowServiceError
    with Session() as session:
        try:
            return call(
                session,
                "POST",
                f"{ims_url.rstrip('/')}/ims/token/v3",
                headers={"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"},
                body=urlencode(fields).encode(),
                timeout=timeout,
                read=Token.from_wire,
                hide=[client_secret],
                note=note,
                new_id=new_id,
            )
        except FlowServiceError as error:
            failure = error
    raise NotSent(failure.message, status=failure.status, code=failure.code, request_id=failure.request_id)
