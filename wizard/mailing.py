"""E-mails of our own, as text. Those about one's account are allauth's."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection


def send(subject: str, body: str, addresses: Iterable[str]) -> int:
    """One message for each, so that nobody reads the others' addresses; how many were taken, 0 without a mail server.

    A subject has one line, whatever is named in it. Raises OSError if the server cannot be reached or refuses.
    """
    if not settings.EMAIL_IS_SET:
        return 0
    title = " ".join(subject.split())
    return get_connection().send_messages([EmailMessage(title, body, to=[address]) for address in addresses]) or 0
