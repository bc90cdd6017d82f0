"""Who reaches what: nobody gets anything but the sign-in, and every address is known here."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "first_sign_in",
    "health_live",
    "health_ready",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "single_sign_on",
    "single_sign_on_callback",
}
SIGNED_IN = {
    "account",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "change",
    "check_draft",
    "check_organization",
    "choose",
    "choose_candidate",
    "connect",
    "connection",
    "discard_draft",
    "delete_connection",
    "discard_change",
    "edit_connection",
    "end_session",
    "history",
    "home",
    "look_again",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "organizations",
    "people",
    "spec_report",
    "switch_connection",
    "sync_specs",
    "test_connection",
    "usersessions_list",
}
NO_UUID = "00000000-0000-0000-0000-000000000000"
ARGUMENTS = {
    "<uuid:uuid>": NO_UUID,
    "<uuid:change_uuid>": NO_UUID,
    "<slug:source>": "postgres",
    "<str:token>": "x",
    "<int:pk>": "0",
    "<base36:uidb36>": "1",
    "<str:key>": "x",
}


def addresses(patterns=None, prefix="/"):
    """(name, path) of every URL that the resolver knows, with arguments filled in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            for argument, value in ARGUMENTS.items():
                path = path.replace(argument, value)
            yield pattern.name, path


def test_every_address_is_either_public_or_for_people():
    assert {name for name, _ in addresses()} == PUBLIC | SIGNED_IN


@pytest.mark.parametrize(("name", "path"), list(addresses()))
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_signing_in(client, organization, name, path, method):
    answer = getattr(client, method)(path)

    if name in SIGNED_IN:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")
    else:
        assert "/connections/" not in answer.content.decode()


def test_a_fragment_needs_a_sign_in_too(client, organization):
    answer = client.get("/connections/", headers={"HX-Request": "true"})

    assert answer.status_code == 302


def test_people_are_for_admins(client, bob, signed_in):
    assert signed_in.get("/people/").status_code == 200
    client.force_login(bob)
    assert client.get("/people/").status_code == 403


def test_every_page_carries_the_security_headers(signed_in, organization):
    for _, path in addresses():
        answer = signed_in.get(path)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert answer["X-Frame-Options"] == "DENY", path
        assert answer["X-Content-Type-Options"] == "nosniff", path


def test_what_people_see_is_kept_in_no_cache(signed_in, organization):
    for name, path in addresses():
        if name in SIGNED_IN - {"connect", "edit_connection"}:
            assert "no-store" in signed_in.get(path)["Cache-Control"], path
    # Back has to bring back what was typed into a form.
    assert "no-store" not in signed_in.get("/connect/mysql/")["Cache-Control"]
    assert "private" in signed_in.get("/connect/mysql/")["Cache-Control"]


def test_signing_out_empties_the_browsers_cache(signed_in):
    assert signed_in.post("/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_a_post_without_its_csrf_token_is_refused(organization, alice, filled):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    assert strict.post("/connect/postgres/", filled()).status_code == 403
