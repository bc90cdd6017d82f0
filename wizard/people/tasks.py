"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from wizard.tasks import queue


def send_reset_link_later(pk: int) -> None:
    """Queues the mail; 0 where nobody has the address, so that the answer takes as long."""
    queue("wizard.people.forgotten.send_reset_link", pk)
