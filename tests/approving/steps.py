"""What people do about an ask, each in a browser of their own."""

from typing import Any

from django_q.models import OrmQ

from tests.people.steps import browser_of
from wizard.approving.waiting import ask_of
from wizard.connections.models import BaseConnection
from wizard.people.models import User


def key_of(connection: BaseConnection) -> str:
    """As the page has it that is opened now."""
    ask = ask_of(BaseConnection.objects.get(pk=connection.pk))
    assert ask
    return ask.key


def decide(person: User, connection: BaseConnection, verb: str, key: str | None = None, **fields: str) -> Any:
    """Presses the button as the page has it now, or had it with that key; the page that follows."""
    key = key_of(connection) if key is None else key
    path = f"{connection.get_absolute_url()}{verb}/"
    return browser_of(person).post(path, {"ask": key, **fields}, follow=True)


def page_of(person: User, connection: BaseConnection) -> str:
    return browser_of(person).get(connection.get_absolute_url()).content.decode()


def creates(flow_service: Any) -> int:
    """How many times Adobe was asked to make a connection."""
    return len([call for call in flow_service.requests("POST") if call["path"].endswith("/connections")])


def queued() -> list[str]:
    """What is queued for the worker, oldest first."""
    return [task.task["func"] for task in OrmQ.objects.order_by("pk")]


def kinds(connection: BaseConnection) -> list[str]:
    return list(connection.events.values_list("kind", flat=True))
