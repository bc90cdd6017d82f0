"""The page of one's own account; and no page of allauth's is ever shown as it came."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered

from tests.people.steps import set_up_app, sign_in
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.organizations.models import Organization
from wizard.people.models import User

OURS = settings.BASE_DIR / "templates"
# Rooms of allauth whose pages we use; of each only pages that none of our addresses leads to may be allauth's.
ROOMS = ("account", "mfa", "socialaccount", "usersessions")
UNREACHABLE = {
    # Layouts of allauth's own pages.
    *("account/base_confirm_code.html", "account/base_entrance.html", "account/base_manage.html"),
    *("account/base_manage_email.html", "account/base_manage_password.html", "account/base_manage_phone.html"),
    *("account/base_reauthenticate.html", "account/email/base_message.txt", "account/email/base_notification.txt"),
    *("mfa/base_entrance.html", "mfa/base_manage.html", "mfa/recovery_codes/base.html", "mfa/totp/base.html"),
    *("mfa/webauthn/base.html", "socialaccount/base_entrance.html", "socialaccount/base_manage.html"),
    *("usersessions/base_manage.html", "account/snippets/already_logged_in.html"),
    *("account/snippets/warn_no_email.html", "mfa/webauthn/snippets/login_script.html"),
    *("mfa/webauthn/snippets/scripts.html", "socialaccount/snippets/login.html"),
    *("socialaccount/snippets/login_extra.html", "socialaccount/snippets/provider_list.html"),
    # Codes by mail or phone instead of a password: switched off.
    *("account/confirm_email_verification_code.html", "account/confirm_login_code.html"),
    *("account/confirm_password_reset_code.html", "account/confirm_phone_verification_code.html"),
    *("account/request_login_code.html", "account/phone_change.html", "account/messages/login_code_sent.txt"),
    *("account/messages/phone_verification_sent.txt", "account/messages/phone_verified.txt"),
    *("account/email/login_code_message.txt", "account/email/login_code_subject.txt"),
    *("account/email/password_reset_code_message.txt", "account/email/password_reset_code_subject.txt"),
    # Nobody signs up, has several addresses, or verifies one.
    *("account/signup.html", "account/signup_by_passkey.html", "mfa/webauthn/signup_form.html"),
    *("socialaccount/signup.html", "account/email.html", "account/email_change.html", "account/email_confirm.html"),
    *("account/verification_sent.html", "account/verified_email_required.html"),
    *("account/email/account_already_exists_message.txt", "account/email/account_already_exists_subject.txt"),
    *("account/email/email_changed_message.txt", "account/email/email_changed_subject.txt"),
    *("account/email/email_confirm_message.txt", "account/email/email_confirm_subject.txt"),
    *("account/email/email_confirmation_message.txt", "account/email/email_confirmation_subject.txt"),
    "account/email/email_confirmation_signup_message.txt",
    "account/email/email_confirmation_signup_subject.txt",
    *("account/email/email_deleted_message.txt", "account/email/email_deleted_subject.txt"),
    *("account/email/unknown_account_message.txt", "account/email/unknown_account_subject.txt"),
    *("account/messages/cannot_delete_primary_email.txt", "account/messages/email_confirmation_failed.txt"),
    *("account/messages/email_confirmation_sent.txt", "account/messages/email_confirmed.txt"),
    *("account/messages/email_deleted.txt", "account/messages/primary_email_set.txt"),
    "account/messages/unverified_primary_email.txt",
    # Views that our addresses leave out: trusted browsers, downloads, connecting by hand, allauth's way to a provider.
    *("mfa/trust.html", "mfa/recovery_codes/download.txt", "mfa/webauthn/authenticator_list.html"),
    *("socialaccount/connections.html", "socialaccount/login.html", "socialaccount/login_cancelled.html"),
    *("socialaccount/login_redirect.html", "socialaccount/messages/account_connected.txt"),
    *("socialaccount/messages/account_connected_other.txt", "socialaccount/messages/account_connected_updated.txt"),
    *("socialaccount/messages/account_disconnected.txt", "socialaccount/email/account_disconnected_message.txt"),
    "socialaccount/email/account_disconnected_subject.txt",
}


def allauths() -> set[str]:
    root = Path(allauth.__file__).parent / "templates"
    return {str(path.relative_to(root)) for room in ROOMS for path in (root / room).rglob("*.*")}


def test_every_page_that_allauth_could_show_is_ours() -> None:
    """A new version of it that brings a new page fails here."""
    assert {name for name in allauths() if not (OURS / name).exists()} == UNREACHABLE


def test_what_is_drawn_for_a_person_is_ours(signed_in: Client, alice: User) -> None:
    drawn: set[str] = set()

    def note(template: Template, **_kwargs: object) -> None:
        drawn.add(str(template.origin.name))

    template_rendered.connect(note)
    set_up_app(signed_in)
    for path in ("", "password/", "sessions/", "two-step/", "two-step/app/remove/", "two-step/recovery-codes/"):
        assert signed_in.get(f"/account/{path}").status_code == 200, path
    other = Client()
    for path in ("/sign-in/", "/sign-in/forgotten/", "/sign-in/closed/", "/sign-in/new-password/1-x/"):
        assert other.get(path).status_code == 200, path
    sign_in(other)
    assert other.get("/sign-in/second-step/").status_code == 200
    template_rendered.disconnect(note)
    assert len(drawn) > 12
    assert not [name for name in drawn if "allauth" in name]


def test_it_leads_from_every_page_to_the_account(signed_in: Client) -> None:
    assert 'href="/account/"' in signed_in.get("/").text


def test_it_says_how_somebody_signs_in(signed_in: Client) -> None:
    page = signed_in.get("/account/").text
    assert "None: the password alone is enough" in page
    set_up_app(signed_in)
    assert "Authenticator app." in signed_in.get("/account/").text


def test_it_names_an_administrator_as_such(signed_in: Client) -> None:
    assert "You are an administrator of this installation" in signed_in.get("/account/").text


def test_it_names_the_roles_of_everybody_else(client: Client, bob: User, organization: Organization) -> None:
    Grant.objects.create(person=bob, organization=organization, sandbox_name="stage", role=Role.ADMIN)
    client.force_login(bob)
    page = client.get("/account/").text
    assert page.count(str(organization)) == 2
    for words in ("<code>stage</code>", ">all<", ">Connector<", ">Admin<"):
        assert words in page


def test_it_tells_somebody_without_a_role_whom_to_ask(client: Client, charlie: User) -> None:
    client.force_login(charlie)
    assert "You have no role yet" in client.get("/account/").text


def test_somebody_without_a_password_can_set_one(client: Client, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    assert "Set a password" in client.get("/account/").text
    assert client.get("/account/password/")["Location"] == "/account/password/first/"
    new = "another horse battery"
    assert client.post("/account/password/first/", {"password1": new, "password2": new})["Location"] == "/account/"
    alice.refresh_from_db()
    assert alice.check_password(new)


@pytest.mark.parametrize("path", ["", "password/", "sessions/", "two-step/"])
def test_nothing_of_it_is_kept_in_a_cache(signed_in: Client, path: str) -> None:
    assert "no-store" in signed_in.get(f"/account/{path}")["Cache-Control"]
