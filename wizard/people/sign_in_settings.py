"""How people sign in: what allauth and Django's sessions are told, whatever the environment says."""

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
# Whatever its use: after so many days somebody signs in anew.
SESSION_DAYS = 7
# A link to a new password.
PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "wizard.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "wizard.people.forms.SignInForm",
    "change_password": "wizard.people.forms.ChangeForm",
    "set_password": "wizard.people.forms.SetForm",
    "reset_password": "wizard.people.forms.ForgottenForm",
    "reset_password_from_key": "wizard.people.forms.AnewForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An account is made by an invitation to an address; no one takes an address by claiming it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Connection Wizard: "
# allauth's own also writes a second list of addresses, which would go on letting in one that was changed.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
# Before factors are changed, the password or a factor once more, unless that was minutes ago.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Counted in the cache of all processes. `ip` is the address that the request came from (of IPv6 its /64), `key` the
# account, known or not. A wrong code of a second factor counts as a failed sign-in.
ACCOUNT_RATE_LIMITS = {
    # Ten wrong ones a minute are more than a team behind one address mistypes; five for an account let a thousand
    # guesses a day through, which finds no password of twelve characters and no code of six digits.
    "login_failed": "10/m/ip,5/5m/key",
    # Every post of the form costs a password hash, also the right ones.
    "login": "30/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    # Each sends a mail to somebody who may not have asked for it.
    "reset_password": "20/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
}

MFA_ADAPTER = "wizard.people.factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "wizard.people.factor_forms.SecondStepForm",
    "reauthenticate": "wizard.people.factor_forms.ConfirmCodeForm",
    "activate_totp": "wizard.people.factor_forms.AppForm",
    "add_webauthn": "wizard.people.passkey_forms.AddForm",
    "edit_webauthn": "wizard.people.passkey_forms.RenameForm",
    "login_webauthn": "wizard.people.passkey_forms.SignInForm",
    "authenticate_webauthn": "wizard.people.passkey_forms.SecondStepForm",
    "reauthenticate_webauthn": "wizard.people.passkey_forms.ConfirmForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Connection Wizard"
# The code before and the one after are good as well: typing takes a while, and clocks differ.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Addresses are not verified one by one here; see ACCOUNT_EMAIL_VERIFICATION.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}

USERSESSIONS_ADAPTER = "wizard.people.adapter.SessionsAdapter"

SOCIALACCOUNT_ADAPTER = "wizard.people.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
