"""Template and HTML injection: a text from elsewhere is shown as it is, on every page, and is never anything else."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.access.addresses import made_up
from tests.catalog.specs import ID, live_spec, way
from wizard.access import inviting
from wizard.access.models import Grant
from wizard.access.places import Place
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeKind, ChangeStatus, Finding, Status
from wizard.organizations.models import Organization, Sandbox
from wizard.people.models import User
from wizard.sources.models import SpecSync

MARK = "zqx"
PIECES = (
    f"javascript:{MARK}//",
    f"<script>{MARK}</script>",
    f'"><img src=x onerror={MARK}>',
    f"'><svg onload={MARK}>",
    f"{{{{ settings.SECRET_KEY }}}}{{% debug %}}{{{{ 7|add:35 }}}}{MARK}",
    f"</title></textarea></script><script>{MARK}</script>",
    f"' hx-on:click='{MARK}' x='",
    f'" style="position:fixed" {MARK}="',
    f"<!--{MARK}",
    f"]]><a href='https://evil.example.com/{MARK}'>x</a>",
    f"&lt;script&gt;{MARK}&#60;/script&#62;",
    f"%3Cscript%3E{MARK}\\u003cscript\\u003e",
    f"${{7*6}}#{{7*6}}<%= 7*6 %>{MARK}",
)
# Several in one text: a page is drawn once for all of them.
HOSTILE = tuple("".join(PIECES[number::4]) for number in range(4))
STRANGE_TAGS = ("iframe", "object", "embed", "base", "style", "frame", "applet", "math", "animate", "set")


class Reader(HTMLParser):
    """Every tag of a page with its attributes, and every text that a person reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def assert_harmless(html: str, what: object, secret_key: str) -> None:
    """The mark stands in texts and in values of attributes alone: it has made no tag, no attribute, and no link."""
    reader = Reader()
    reader.feed(html)
    for tag, attributes in reader.tags:
        assert tag not in STRANGE_TAGS, (what, tag)
        assert tag != "script" or attributes.get("nonce") or attributes.get("type") == "application/json", what
        assert tag != "img" or (attributes.get("src") or "").startswith(("data:image/", "/static/admin/img/")), what
        for name, value in attributes.items():
            assert MARK not in name, (what, tag, name)
            assert not name.startswith(("on", "hx-on", "style", "srcdoc")), (what, tag, name)
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                assert MARK not in (value or "").partition("?")[0], (what, tag, value)
                assert not (value or "").strip().lower().startswith(("javascript:", "data:", "//")), (what, tag, value)
    assert not [words for words in reader.comments if MARK in words], what
    assert secret_key not in html, what
    assert "42" + MARK not in html, what


def pages_of(client: Client, connections: list[BaseConnection], organization: Organization) -> Any:
    """Whole pages and their fragments, as alice sees them."""
    paths = [
        *made_up().values(),
        f"/organizations/{organization.uuid}/specs/",
        f"/organizations/{organization.uuid}/sync/",
    ]
    paths += [f"/connect/{ID}/", "/connect/?q=" + MARK, "/connections/?q=" + MARK]
    for connection in connections:
        paths += [connection.get_absolute_url() + step for step in ("", "edit/", "delete/", "?events=all")]
        paths += [f"/connect/{connection.source}/?{ask}={connection.uuid}" for ask in ("again", "clone")]
        paths += [f"{connection.get_absolute_url()}changes/{change.uuid}/" for change in connection.changes.all()]
    paths += [f"/people/{person.pk}/" for person in User.objects.all()]
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code in (200, 302, 403, 404, 405, 410, 503), path
            if answer.get("Content-Type", "").startswith("text/html"):
                yield path, answer.text


def everything_says(
    text: str, connection: BaseConnection, organization: Organization, alice: User
) -> list[BaseConnection]:
    """Every column that may hold a text of somebody else's holds this one; a connection of each look."""
    Organization.objects.update(name=text[:200], check_error=text, trouble_reason=text[:300])
    Sandbox.objects.update(title=text, type=text[:40])
    SpecSync.objects.update_or_create(organization=organization, defaults={"error": text})
    user = User.objects.create_user(f"dora@{len(text)}.example.com")
    User.objects.filter(pk=user.pk).update(email=text)
    Grant.objects.create(person=user, organization=organization, sandbox_name=text, role=Role.VIEWER)
    inviting.invite(alice, "eve@example.com", Place(organization, text), Role.VIEWER)
    candidate = {"id": "x", "etag": '"1"', "name": text, "description": text, "state": text, "created_at": ""}
    steps = [{"key": "host", "label": text, "status": "failed", "detail": text, "message": text, "words": text}]
    looks: list[dict[str, Any]] = [
        {"status": Status.FAILED},
        {"status": Status.UNKNOWN, "candidates": [candidate, candidate], "next_look_at": None},
        {"status": Status.CONNECTED, "test_status": "failed", "test_steps": steps},
        {"status": Status.CONNECTED, "finding": Finding.BROKE, "found_at": connection.created_at},
        {"status": Status.WAITING, "due_reason": text[:300], "due_at": connection.created_at},
    ]
    made = []
    for number, look in enumerate(looks):
        row = BaseConnection.objects.get(pk=connection.pk)
        row.pk, row.uuid = None, f"00000000-0000-4000-8000-00000000000{number}"
        row.base_connection_id, row.name = f"id-{number}", f"{text}{number}"
        row.save(force_insert=True)
        texts = {"description": text, "source_label": text[:200], "error_message": text, "error_code": text[:40]}
        texts |= {
            "test_message": text,
            "remote_state": text[:40],
            "auth_spec_name": text[:200],
            "error_kind": "refused",
        }
        BaseConnection.objects.filter(pk=row.pk).update(**texts, **look)
        row.refresh_from_db()
        row.seal("auth_params", connection.unseal("auth_params"))
        row.seal("form_values", {**connection.unseal("form_values").open(), "pasted": [[text, text]], "extra": [text]})
        row.save(update_fields=["auth_params", "form_values"])
        row.events.create(kind="asked", message=text, actor=alice)
        made.append(row)
    change_of(made[2], text, alice)
    return made


def change_of(connection: BaseConnection, text: str, alice: User) -> None:
    for status in (ChangeStatus.CONFLICT, ChangeStatus.FAILED):
        change = Change(connection=connection, kind=ChangeKind.EDIT, status=status, revision=0, created_by=alice)
        change.labels, change.error_message, change.error_kind = [text], text, "refused"
        change.seal("before", {"name": text, "description": text, "values": {}, "secrets": {}, "removed": []})
        change.seal("wanted", {"name": text, "description": text, "values": {}, "secrets": {}, "removed": []})
        change.save()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_of_somebody_elses_stays_a_text_on_every_page(
    signed_in: Client,
    alice: User,
    synced: Organization,
    connected: Callable[..., BaseConnection],
    settings: Any,
    text: str,
) -> None:
    rows = everything_says(text, connected(), synced, alice)
    seen = 0
    for path, html in pages_of(signed_in, rows, synced):
        assert_harmless(html, path, settings.SECRET_KEY)
        seen += MARK in html

    assert seen > 20


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_live_spec_cannot_write_into_its_form(
    signed_in: Client, read: Callable[..., SpecSync], organization: Organization, settings: Any, text: str
) -> None:
    words = {"title": text, "description": text, "default": text, "examples": [text]}
    properties = {
        "host": {"type": "string", "pattern": re.escape(text), **words},
        "mode": {"type": "string", "enum": [text, "other"], **words},
        "kind": {"oneOf": [{"const": text, "title": text}, {"const": "b", "title": text}], **words},
        "count": {"type": "integer", **words},
        "list": {"type": "array", "items": {"type": "string"}, **words},
        "flag": {"type": "boolean", **words},
        "key": {"type": "string", "format": "password", **words},
        text: {"type": "string", **words},
    }
    attributes = {"connectorName": text, "category": text, "isSource": True, "uiAttributes": words}
    spec = live_spec(
        way(text, **properties), way("Other", **properties), attributes=attributes, description=text, name=text
    )
    assert read(spec).error == ""
    target = str(organization.sandboxes.get(is_default=True).pk)
    form = {"target": target, "name": text, "description": text, "auth.specName": text, "auth.params.host": text}
    for intent in ("switch", "preview", "create", "draft", "check", "paste"):
        for headers in ({}, {"HX-Request": "true"}):
            answer = signed_in.post(f"/connect/{ID}/", {**form, "intent": intent, "pasted": text}, headers=headers)
            assert answer.status_code < 500, intent
            assert_harmless(answer.text, intent, settings.SECRET_KEY)
    for path in (f"/connect/{ID}/", "/connect/", f"/organizations/{organization.uuid}/specs/", "/"):
        assert_harmless(signed_in.get(path).text, path, settings.SECRET_KEY)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_stands_in_an_address_is_not_written_into_a_page(
    signed_in: Client, connected: Callable[..., BaseConnection], settings: Any, text: str
) -> None:
    connection = connected()
    names = (
        "q",
        "source",
        "status",
        "before",
        "after",
        "events",
        "again",
        "clone",
        "mine",
        "organization",
        "next",
        text,
    )
    for path in (*made_up().values(), connection.get_absolute_url(), f"{connection.get_absolute_url()}edit/"):
        for headers in ({}, {"HX-Request": "true", "HX-Target": "x", "HX-Trigger": "x"}):
            answer = signed_in.get(path, dict.fromkeys(names, text), headers=headers)
            assert answer.status_code != 500
            if answer.get("Content-Type", "").startswith("text/html"):
                assert_harmless(answer.text, path, settings.SECRET_KEY)


def test_nothing_of_a_template_that_somebody_typed_is_carried_out(
    signed_in: Client, filled: Callable[..., dict[str, str]]
) -> None:
    typed = "{{ settings.SECRET_KEY }}{% include 'base.html' %}{{ 7|add:35 }}"
    answer = signed_in.post("/connect/postgres/", filled(typed, description=typed), follow=True)

    assert "{{ settings.SECRET_KEY }}{% include &#x27;base.html&#x27; %}{{ 7|add:35 }}" in answer.text
