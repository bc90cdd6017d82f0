"""An error in the middle of a sign-in tells nothing of what was typed, on no page and in no log, with DEBUG too."""

import json
from typing import Any

import pytest
from django.test import Client
from django.views.decorators.debug import sensitive_variables

from tests.people.provider import SECRET, settings_for
from tests.people.steps import PASSWORD, confirm, sign_in
from wizard.people.models import User

TYPED = "canary-of-what-was-typed"
RESPONSE = {"clientDataJSON": "e30", "authenticatorData": "eHh4" * 12 + "eA", "signature": "eA", "userHandle": "eA"}
CREDENTIAL = json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": RESPONSE, "more": TYPED})
NEW = {"oldpassword": PASSWORD, "password1": TYPED, "password2": TYPED}
TYPED_FIELDS = {
    "/sign-in/": {"login": "alice@example.com", "password": TYPED},
    "/sign-in/passkey/": {"credential": CREDENTIAL},
    "/account/confirm/": {"password": TYPED},
    "/account/password/": NEW,
    "/account/two-step/app/": {"code": TYPED[:20]},
    "/account/passkeys/add/": {"name": "Laptop", "passwordless": "True", "credential": CREDENTIAL},
}
PAGES = (
    ("/sign-in/", "allauth.account.auth_backends.AuthenticationBackend._authenticate"),
    ("/sign-in/passkey/", "allauth.mfa.webauthn.internal.auth.parse_authentication_response"),
    ("/account/confirm/", "allauth.account.auth_backends.AuthenticationBackend._authenticate"),
    ("/account/password/", "allauth.account.internal.flows.password_change.change_password"),
    ("/account/two-step/app/", "allauth.mfa.totp.internal.auth.validate_totp_code"),
    ("/account/passkeys/add/", "allauth.mfa.webauthn.forms.AddWebAuthnForm.clean"),
)


@pytest.mark.parametrize(("path", "place"), PAGES)
@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_shows_nothing_that_was_typed(
    alice: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    debug: bool,
    path: str,
    place: str,
) -> None:
    @sensitive_variables()
    def break_down(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("broken on purpose")

    settings.DEBUG = debug
    for name, value in settings_for("https://login.example.com").items():
        setattr(settings, name, value)
    client = Client(raise_request_exception=False)
    if path.startswith("/account/"):
        sign_in(client)
        if "confirm" not in path:
            confirm(client)
    client.get(path)
    monkeypatch.setattr(place, break_down)
    page = client.post(path, TYPED_FIELDS[path])
    assert page.status_code == 500
    assert ("broken on purpose" in page.text) is debug
    for secret in (TYPED[:20], SECRET, settings.SECRET_KEY):
        assert secret not in page.text + caplog.text
