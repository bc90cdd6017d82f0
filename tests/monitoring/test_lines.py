"""Lines of the log, as text and as JSON: one for each thing, whatever somebody has chosen for a name."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import CANARY
from tests.monitoring.listening import Lines, listening
from wizard.monitoring.lines import JsonLines, TextLines
from wizard.record.context import caused_by
from wizard.record.kinds import Kind
from wizard.work import submitting

REFUSED = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 400, "code": "1308-400"}
HOSTILE = {
    "end of line": "x\n2026-01-01T00:00:00.000Z INFO wizard: forged",
    "carriage return": "x\r2026-01-01 forged",
    "other ends of lines": "x\x0b\x0c\x85\u2028\u2029forged",
    "ANSI escape": "x\x1b[2J\x1b]0;title\x07\x9b31m",
    "turned letters": "x\u202egnp.exe\u2066\u200f",
    "half of a pair": "x\ud800",
    "quotes": 'x", "level": "forged',
}


@pytest.fixture
def as_json(settings) -> Iterator[Lines]:
    settings.LOG_FORMAT = "json"
    with listening(JsonLines()) as lines:
        yield lines


@pytest.fixture
def as_text() -> Iterator[Lines]:
    with listening(TextLines()) as lines:
        yield lines


# --- A request and an attempt ---


def test_a_request_is_one_line(signed_in, alice, as_json, organization):
    answer = signed_in.get("/connections/?q=what+is+searched+for")
    (line,) = as_json.objects("request")
    assert line == {
        "time": line["time"],
        "level": "INFO",
        "logger": "wizard.requests",
        "message": f"GET /connections/: 200 in {line['duration_ms']} ms",
        "request_id": answer["X-Request-Id"],
        "event": "request",
        "method": "GET",
        "path": "/connections/",
        "route": "history",
        "status": 200,
        "duration_ms": line["duration_ms"],
        "person": alice.pk,
        "bytes": len(answer.content),
        "address": "127.0.0.1",
    }
    assert "searched" not in "".join(as_json.said)


def test_as_text_a_page_that_was_opened_is_no_line(signed_in, organization, as_text):
    signed_in.get("/connections/")
    assert as_text.said == []


def test_what_django_says_of_an_answer_has_the_id_of_its_request(signed_in, as_json):
    answer = signed_in.get("/no/such/page")
    (line,) = [line for line in map(json.loads, as_json.said) if line["logger"] == "django.request"]
    assert line["request_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize("form", ["as_json", "as_text"])
def test_no_line_has_a_link_that_lets_somebody_in(client, db, form, request):
    lines = request.getfixturevalue(form)
    for path in ("/join/a-token-of-an-invitation/", "/first/a-token-of-the-first/", "/new-password/1a-token/"):
        client.get(path, {"code": "a-token-of-sso"})
    told = "\n".join(lines.said)
    assert "/join/[hidden]/" in told
    assert "token" not in told


@pytest.mark.django_db(transaction=True)
def test_an_attempt_is_one_line_and_belongs_to_the_request_that_asked_for_it(asked_for, flow_service, as_json):
    first, second = asked_for("First"), asked_for("Second")
    submitting.submit(first.pk)
    flow_service.set_faults([REFUSED])
    submitting.submit(second.pk)

    done, failed = as_json.objects("create")
    asked = first.events.get(kind=Kind.ASKED)
    sent = first.calls.get(method="POST").request_id
    assert (done["connection"], done["outcome"], done["attempts"]) == (str(first.uuid), "connected", 1)
    assert (done["request_id"], done["flow_service_request_id"]) == (asked.request_id, sent)
    assert done["duration_ms"] > 0
    second.refresh_from_db()
    assert (failed["outcome"], failed["flow_service_request_id"]) == ("failed", second.error_request_id)
    calls = [line for line in map(json.loads, as_json.said) if line["logger"] == "wizard.flow_service.http"]
    assert {line["request_id"] for line in calls} == {asked.request_id, second.events.get(kind=Kind.ASKED).request_id}
    assert CANARY not in "".join(as_json.said)
    assert "c4nary" not in "".join(as_json.said)


# --- What somebody has chosen ---


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_makes_a_second_line_of_text(as_text, name):
    logging.getLogger("wizard.somewhere").warning("Not there: %s", HOSTILE[name])
    (line,) = as_text.said
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert "x" in line


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_makes_a_second_line_or_another_field_of_json(as_json, name):
    logging.getLogger("wizard.somewhere").warning(
        "Not there: %s", HOSTILE[name], extra={"fields": {"path": HOSTILE[name]}}
    )
    (line,) = as_json.said
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert found["message"] == f"Not there: {HOSTILE[name]}"
    assert (found["path"], found["level"]) == (HOSTILE[name], "WARNING")


def test_the_words_of_an_error_forge_no_line(as_text):
    try:
        raise ValueError(HOSTILE["end of line"] + HOSTILE["ANSI escape"])
    except ValueError:
        logging.getLogger("wizard.somewhere").exception("It broke")
    first, *rest = as_text.said[0].split("\n")
    assert first.endswith("It broke")
    assert "Traceback" in rest[0]
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_the_words_of_an_error_are_one_field_of_json(as_json):
    try:
        raise ValueError(HOSTILE["end of line"])
    except ValueError:
        logging.getLogger("wizard.somewhere").exception("It broke")
    found = json.loads(as_json.said[0])
    assert found["message"] == "It broke"
    assert HOSTILE["end of line"] in found["traceback"]


def test_a_line_of_a_worker_has_the_id_of_the_request_that_it_follows_from(as_text, as_json):
    with caused_by("0123456789abcdef"):
        logging.getLogger("wizard.somewhere").info("Done")
    assert as_text.said[0].endswith("INFO wizard.somewhere: Done [0123456789abcdef]")
    assert json.loads(as_json.said[0])["request_id"] == "0123456789abcdef"


@pytest.mark.parametrize("form", [TextLines, JsonLines])
def test_a_line_whose_arguments_do_not_fit_is_written_without_them(form):
    record = logging.LogRecord("x", logging.INFO, "", 0, "%d of %s", (CANARY,), sys.exc_info())
    told = form().format(record)
    assert "cannot be written" in told
    assert "c4nary" not in told
