"""Every address, as everybody: what each answer says, headers included, and what links lead to."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.test import Client

from tests.access.addresses import paths
from tests.access.matrix import RULES, WHO
from tests.access.world import World
from tests.people.steps import browser_of
from wizard.people.models import User

HTMX = {"HX-Request": "true"}
LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*)')
NOT_FOLLOWED = ("/static/", "/sign-out/")
MOST = 600


def text_of(answer: Any) -> str:
    content = answer.getvalue() if answer.streaming else answer.content
    return f"{answer.headers}\n{content.decode(errors='replace')}"


def client_of(person: User | None) -> Client:
    """Is shown the page of an error, too, where a test would be told of the exception."""
    return browser_of(person, raise_request_exception=False)


def filled_in(world: World, name: str) -> str:
    arguments = world.arguments(name)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(arguments[found[1]]), paths()[name])


def every_address(world: World, typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What everybody gets from every address: opened, asked for by htmx, and sent a form full of what is typed."""
    for name in paths():
        posts = [rule for rule in RULES if rule.name == name and "POST" in rule.methods]
        for who in WHO:
            path = filled_in(world, name)
            client = client_of(world.people.get(who))
            yield f"{who}: {path}", text_of(client.get(path))
            yield f"{who}: {path} (htmx)", text_of(client_of(world.people.get(who)).get(path, headers=HTMX))
            for rule in posts:
                answer = client_of(world.people.get(who)).post(path, {**typed, **rule.data})
                yield f"{who}: POST {path}", text_of(answer)


def every_link(person: User, start: str = "/") -> Iterator[tuple[str, str]]:
    """All that this person comes to by links."""
    client, seen, ahead = client_of(person), set(), [start]
    while ahead and len(seen) < MOST:
        path = ahead.pop(0)
        if path in seen or path.startswith(NOT_FOLLOWED):
            continue
        seen.add(path)
        text = text_of(client.get(path))
        yield f"{person}: {path}", text
        ahead += [html.unescape(link) for link in LINK.findall(text)]
