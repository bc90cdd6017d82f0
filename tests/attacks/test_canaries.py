"""No secret stands in an answer to anybody, in a log line, in a mail, in a row, or in the bytes of the database."""

import logging
from collections.abc import Mapping

import pytest
from django.core import mail
from django.test import Client

from tests.access.world import World
from tests.attacks.crawling import client_of, every_address, every_link
from tests.attacks.planting import PARAMS, Story
from tests.canaries import bytes_of_the_database, canary, rows_of_all_tables, spellings, traces
from tests.monitoring.listening import listening
from wizard.monitoring.lines import JsonLines, TextLines

TYPED_INTO_EVERY_FORM = (
    *("password", "password1", "password2", "oldpassword", "client_secret", "pasted", "code", "credential"),
    *(f"{PARAMS}password", f"{PARAMS}connectionString.PASSWORD"),
)


@pytest.fixture
def story(transactional_db, signed_in, organization, flow_service, settings, monkeypatch):
    settings.SECRET_REFERENCES, settings.EMAIL_IS_SET = ["WAREHOUSE_PASSWORD"], True
    story = Story(signed_in, organization, flow_service)
    story.every_secret_field()
    story.outcomes()
    story.changes()
    story.keeping(monkeypatch)
    story.drafts()
    story.credentials()
    return story


def test_no_secret_stands_anywhere(story, settings, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    settings.LOG_FORMAT = "json"
    with listening(JsonLines()) as as_json, listening(TextLines()) as as_text:
        evidence = everything(story, settings, monkeypatch)
    evidence["log"] = caplog.text
    evidence |= {"log as JSON": "\n".join(as_json.said), "log as text": "\n".join(as_text.said)}
    evidence["numbers"], evidence["health"] = (Client().get(path).text for path in ("/metrics", "/health/ready?all=1"))
    evidence |= {f"mail {number}": str(message.message()) for number, message in enumerate(mail.outbox)}
    evidence |= rows_of_all_tables()
    evidence |= bytes_of_the_database()

    assert len(story.secrets) > 140
    assert len(evidence) > 1500
    assert len(as_json.objects("request")) > 1500
    assert "wizard_flow_service_calls_total" in evidence["numbers"]
    assert sum("Way " in text for text in evidence.values()) > 100, "the crawl came to the connections"
    assert traces(evidence, story.secrets) == []


def everything(story: Story, settings, monkeypatch) -> dict[str, str]:
    """What everybody sees at every address, with and without errors."""
    world = World(story.organization, story.by_key("Last", "last"))
    story.people(settings, world.people["connector"])
    typed = dict.fromkeys(TYPED_INTO_EVERY_FORM, story.new("typed into every form"))

    evidence: dict[str, str] = dict(every_address(world, typed))
    for who in ("administrator", "connector", "viewer"):
        evidence |= every_link(world.people[who])
    return evidence | errors(world, typed, settings, monkeypatch)


def errors(world: World, typed: Mapping[str, str], settings, monkeypatch) -> dict[str, str]:
    """The pages of errors in the middle of a form, with and without DEBUG."""

    def break_down(*_args, **_kwargs):
        raise RuntimeError("broken on purpose")

    found = {}
    fields = {**typed, "intent": "create", "name": "Broken", "auth.specName": "basic-azure"}
    for debug in (True, False):
        settings.DEBUG = debug
        with monkeypatch.context() as broken:
            broken.setattr("wizard.connecting.views._submitted", break_down)
            answer = client_of(world.people["connector"]).post("/connect/mysql/", fields)
        assert answer.status_code == 500
        found[f"error with DEBUG={debug}"] = answer.content.decode()
    settings.DEBUG = False
    assert "broken on purpose" in found["error with DEBUG=True"]
    return found


@pytest.mark.parametrize("spelling", sorted(spellings(canary(1))))
def test_the_search_would_find_it(spelling):
    assert traces({"page": f"before {spelling} after"}, {"secret": canary(1)}) == ["secret in page"]
    assert traces({"page": "before after"}, {"secret": canary(1)}) == []
