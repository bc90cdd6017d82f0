"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from wizard.tasks import queue


def make_later(pk: int) -> None:
    """Queues the create; inside a transaction it is queued when that commits, and only then."""
    queue("wizard.work.making.make", pk)


def look_for_later(pk: int) -> None:
    queue("wizard.work.finding.look_for", pk)
