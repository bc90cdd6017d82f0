"""Sign-in, and one's own account. Of allauth's pages only those that this house uses."""

from allauth.account import views as allauth_account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import RedirectView

from wizard.people import account, views
from wizard.people.account import with_passwords


class Base36Converter(StringConverter):
    """A person's number as allauth writes it: without the dash that parts it from the key."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36Converter, "base36")

# allauth hides what is typed from error reports on some of its pages only.
hiding = sensitive_post_parameters("password", "password1", "password2", "code", "credential")

sign_in = [
    path("first/<str:token>/", views.first_sign_in, name="first_sign_in"),
    path("sign-in/", with_passwords(allauth_account.login, shows_page=True), name="account_login"),
    path("sign-in/passkey/", with_passwords(hiding(webauthn.login_webauthn)), name="mfa_login_webauthn"),
    path("sign-in/second-step/", hiding(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/closed/", allauth_account.account_inactive, name="account_inactive"),
    path("sign-in/single/", account.start_single_sign_on, name="single_sign_on"),
    path("sign-in/single/back/", account.finish_single_sign_on, name="single_sign_on_callback"),
    path("sign-in/forgotten/", with_passwords(account.ForgottenView.as_view()), name="account_reset_password"),
    path("sign-in/forgotten/sent/", allauth_account.password_reset_done, name="account_reset_password_done"),
    path(
        "sign-in/new-password/<base36:uidb36>-<str:key>/",
        with_passwords(hiding(allauth_account.password_reset_from_key)),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/new-password/done/",
        allauth_account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sign-out/", allauth_account.logout, name="account_logout"),
    path("sign-up/", allauth_account.signup, name="account_signup"),
]
own_account = [
    path("account/", account.account, name="account"),
    path("account/password/", with_passwords(allauth_account.password_change), name="account_change_password"),
    path("account/password/first/", with_passwords(allauth_account.password_set), name="account_set_password"),
    path("account/confirm/", with_passwords(hiding(allauth_account.reauthenticate)), name="account_reauthenticate"),
    path("account/confirm/code/", hiding(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/confirm/passkey/", hiding(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/sessions/", account.SessionsView.as_view(), name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="end_session"),
    path("account/two-step/", mfa.index, name="mfa_index"),
    path("account/two-step/app/", hiding(totp.activate_totp), name="mfa_activate_totp"),
    path("account/two-step/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/two-step/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/two-step/recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("account/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("account/passkeys/add/", hiding(account.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]
urlpatterns = [*sign_in, *own_account]
