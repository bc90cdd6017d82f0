"""E-mails about what waits for approval, sent by a worker. Names and places, never what was typed as a credential."""

from wizard import mailing
from wizard.approving.waiting import Ask, ask_of
from wizard.connections.models import BaseConnection, Change
from wizard.record.kinds import Kind

DECIDED = {Kind.APPROVED: "approved", Kind.REJECTED: "rejected"}
WHERE = "Home, “Waits for your approval”, leads to it in the Connection Wizard."


def tell_of_ask(pk: int) -> None:
    """To all who may decide; to nobody if it was decided, or withdrawn, before the worker came to it."""
    ask = ask_of(BaseConnection.objects.select_related("organization", "asked_by").get(pk=pk))
    if ask is None or ask.asker is None:
        return
    words = f"{ask.asker} asks to {ask.verb} {_what(ask.connection)}. It waits until another person agrees."
    addresses = [person.email for person in ask.deciders()]
    mailing.send(f"Please approve: {ask.verb} {ask.connection}", f"{words}\n\n{WHERE}", addresses)


def tell_of_decision(pk: int, change_pk: int | None) -> None:
    """To the person who asked for the create, or for that change."""
    connection = BaseConnection.objects.select_related("organization", "asked_by").get(pk=pk)
    ask = Ask(connection, Change.objects.select_related("created_by").get(pk=change_pk) if change_pk else None)
    event = connection.events.filter(kind__in=list(DECIDED)).select_related("actor").last()
    if event is None or ask.asker is None or not ask.asker.is_active:
        return
    verb = DECIDED[Kind(event.kind)]
    words = f"{event.actor} has {verb} what you asked for: to {ask.verb} {_what(connection)}."
    said = f"\n\n{event.message}" if event.kind == Kind.REJECTED else ""
    mailing.send(f"{verb.capitalize()}: {ask.verb} {connection}", words + said, [ask.asker.email])


def _what(connection: BaseConnection) -> str:
    place = f"{connection.organization} / {connection.sandbox_name}"
    return f"the {connection.source_label} connection “{connection}” in {place}"
