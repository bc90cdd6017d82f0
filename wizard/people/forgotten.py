"""The mail with a link to a new password, made and sent by a worker: the token stands in no queue."""

import logging
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse

from wizard import mailing
from wizard.addresses import base_url
from wizard.people.models import User

_log = logging.getLogger(__name__)


def send_reset_link(pk: int) -> None:
    """To the person with that key; to nobody where there is none, or the account was closed meanwhile."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        return
    at = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = base_url() + reverse("account_reset_password_from_key", kwargs=at)
    context = {"password_reset_url": link, "installation": urlsplit(link).netloc}
    subject = render_to_string("account/email/password_reset_key_subject.txt", context).strip()
    body = render_to_string("account/email/password_reset_key_message.txt", context).strip()
    try:
        mailing.send(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body, [user.email])
    except OSError as error:
        _log.warning("A link to a new password could not be sent: %s", type(error).__name__)
