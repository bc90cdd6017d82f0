"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from wizard.tasks import queue


def sync_later(organization_pk: int) -> None:
    """Queues the reading; inside a transaction it is queued when that commits, and only then."""
    queue("wizard.sources.sync.sync_organization", organization_pk)
