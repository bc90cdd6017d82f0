"""The OpenID provider of the settings, stricter than allauth's own. allauth finds it by the name of this module."""

from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_variables

from wizard.environment import is_loopback
from wizard.people.single_sign_on import IssuerSession, Untrustworthy

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# None that goes without a key pair: neither "none" nor a shared secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLAIMS = ("sub", "email", "email_verified")


class IssuerAdapter(OpenIDConnectOAuth2Adapter):
    """Checks what allauth takes on trust: the issuer, the signature of its token, and whom the userinfo is about."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The provider's metadata. Raises Untrustworthy if they are another issuer's, or lead into clear text."""
        provider = self.get_provider()
        config = _read(provider.server_url)
        if config.get("issuer") != provider.app.settings["issuer"]:
            raise Untrustworthy("The metadata are of another issuer than OIDC_ISSUER.")
        if not all(_is_safe(config.get(name)) for name in ENDPOINTS):
            raise Untrustworthy("An endpoint is missing, or not https.")
        return config

    def get_callback_url(self, request: HttpRequest, _app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("single_sign_on_callback"))

    @sensitive_variables()
    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        try:
            data = super().get_access_token_data(request, app, client, pkce_code_verifier)
        except (KeyError, ValueError) as error:
            raise Untrustworthy("The answer to the code cannot be read.") from error
        if not isinstance(data, dict) or not all(
            isinstance(data.get(key), str) for key in ("access_token", "id_token")
        ):
            raise Untrustworthy("The answer to the code has no tokens.")
        return {"access_token": data["access_token"], "id_token": data["id_token"]}

    @sensitive_variables()
    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        claims = self._claims_of(app, kwargs["response"]["id_token"])
        if "email" not in claims:
            claims = self._with_userinfo(claims, token.token)
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    @sensitive_variables()
    def _claims_of(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """allauth believes a token that comes straight from the provider; here its signature counts, always."""
        config = self.openid_config
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                _key_of(id_token, config["jwks_uri"]),
                algorithms=ALGORITHMS,
                issuer=config["issuer"],
                audience=app.client_id,
                options={"require": ["iss", "aud", "sub", "exp", "iat"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError, KeyError) as error:
            raise Untrustworthy(f"The ID token is refused ({type(error).__name__}).") from error
        return claims

    @sensitive_variables()
    def _with_userinfo(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        more = _read(str(self.openid_config.get("userinfo_endpoint")), Authorization=f"Bearer {access_token}")
        if more.get("sub") != claims["sub"]:
            raise Untrustworthy("The userinfo is about somebody else.")
        return more | claims


class SingleSignOnProvider(OpenIDConnectProvider):
    id = "single_sign_on"
    name = "Single sign-on"
    pkce_enabled_default = True
    oauth2_adapter_class = IssuerAdapter

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: no more than what the sign-in goes by."""
        return {name: data["id_token"][name] for name in CLAIMS if name in data["id_token"]}


@sensitive_variables()
def _read(url: str, **headers: str) -> dict[str, Any]:
    """A JSON object of the provider's. Raises requests.RequestException, Untrustworthy."""
    with IssuerSession() as session:
        answer = session.get(url, headers=headers)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise Untrustworthy("What the provider sent is no JSON object.")
    return found


def _key_of(id_token: str, keys_url: str) -> jwt.PyJWK:
    """The provider's key that the token names. One that names none goes with the only key that there is."""
    keys = jwt.PyJWKSet.from_dict(_read(keys_url)).keys
    named = jwt.get_unverified_header(id_token).get("kid")
    fitting = [key for key in keys if named in (None, key.key_id)]
    if len(fitting) != 1:
        raise Untrustworthy("None of the provider's keys, or more than one, fits the ID token.")
    return fitting[0]


def _is_safe(url: object) -> bool:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


provider_classes = [SingleSignOnProvider]
