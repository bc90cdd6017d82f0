"""The OpenID provider of the settings, stricter than allauth's own. allauth finds it by the name of this module."""

from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from wizard.environment import is_loopback

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
CLAIMS = ("sub", "email", "email_verified")


class IssuerAdapter(OpenIDConnectOAuth2Adapter):
    """Checks what allauth takes on trust: the issuer, the signature of its token, and whom the userinfo is about."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's metadata. Raises OAuth2Error if they are another issuer's, or lead into clear text."""
        try:
            config = super().openid_config
        except ValueError as error:
            raise OAuth2Error("The metadata are no JSON.") from error
        if not isinstance(config, dict) or config.get("issuer") != self.get_provider().app.settings["issuer"]:
            raise OAuth2Error("The metadata are of another issuer than OIDC_ISSUER.")
        if not all(_is_safe(config.get(name)) for name in ENDPOINTS):
            raise OAuth2Error("An endpoint is missing, or not https.")
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
            raise OAuth2Error("The answer to the code cannot be read.") from error
        if not isinstance(data, dict) or not all(
            isinstance(data.get(key), str) for key in ("access_token", "id_token")
        ):
            raise OAuth2Error("The answer to the code has no tokens.")
        return {"access_token": data["access_token"], "id_token": data["id_token"]}

    @sensitive_variables()
    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        claims = self._claims_of(app, kwargs["response"]["id_token"])
        if "email" not in claims:
            claims = self._with_userinfo(claims, token.token)
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    @sensitive_variables()
    def _claims_of(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        try:
            claims = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=config["jwks_uri"],
                issuer=config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The ID token cannot be read.") from error
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise OAuth2Error("The ID token is about nobody.")
        return claims

    @sensitive_variables()
    def _with_userinfo(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        try:
            more = self._fetch_user_info(access_token)
        except (KeyError, requests.JSONDecodeError) as error:
            raise OAuth2Error("There is no userinfo.") from error
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise OAuth2Error("The userinfo is about somebody else.")
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


def _is_safe(url: object) -> bool:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


provider_classes = [SingleSignOnProvider]
