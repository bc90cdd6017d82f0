"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from wizard.tasks import queue


def check_later(organization_pk: int, person_pk: int) -> None:
    """Queues the check; inside a transaction it is queued when that commits, and only then."""
    queue("wizard.administering.checking.check", organization_pk, person_pk)


def remind_later(what: str, pk: int) -> None:
    """`what` is the model's label, since organizations and connections have credentials alike."""
    queue("wizard.administering.reminding.remind", what, pk)
