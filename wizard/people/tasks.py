"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from django_q.tasks import async_task


def send_reset_link_later(pk: int) -> None:
    """Queues the mail; 0 where nobody has the address, so that the answer takes as long."""
    async_task("wizard.people.forgotten.send_reset_link", pk)
