"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from django.conf import settings

from wizard.tasks import queue


def submit_later(pk: int) -> None:
    """Queues the create; inside a transaction it is queued when that commits, and only then."""
    queue("wizard.work.submitting.submit", pk)


def reconcile_later(pk: int) -> None:
    queue("wizard.work.reconciling.reconcile", pk)


def follow_later(pk: int) -> None:
    queue("wizard.work.following.follow", pk)


def test_later(pk: int) -> None:
    queue("wizard.work.testing.run_test", pk)


def change_later(pk: int) -> None:
    queue("wizard.work.changing.change", pk)


def tell_of_ask_later(pk: int) -> None:
    """By e-mail, where there is any, to those who may approve it."""
    if settings.EMAIL_IS_SET:
        queue("wizard.approving.mails.tell_of_ask", pk)


def tell_of_decision_later(pk: int, change_pk: int | None) -> None:
    """By e-mail, where there is any, to the person who asked for the create, or for that change."""
    if settings.EMAIL_IS_SET:
        queue("wizard.approving.mails.tell_of_decision", pk, change_pk)
