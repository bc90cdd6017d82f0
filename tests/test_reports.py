"""What goes wrong is told without secrets: in Django's error pages, with DEBUG too, and in log lines."""

import base64
import logging
import sys
import traceback
from urllib.parse import quote

import pytest
from django.conf import settings as settings_module
from django.core.signals import got_request_exception
from django.test import Client
from django.utils.log import AdminEmailHandler
from django.utils.module_loading import import_string
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from tests.changing.steps import edited, send
from tests.conftest import CANARY
from tests.people.steps import browser_of
from wizard.reports import LinkFilter, SecretFilter, TaskBroke, blanked
from wizard.vault.secret import Secret, forgetting
from wizard.work import submitting

FIELD = "auth.params.connectionString.PASSWORD"
PLAIN = "canary-plain-pw"
URL_PASSWORD = "hidden-in-a-url"

# Lines that stand close to an error are on Django's page for it: the values above are not.
#
#
#
#
#
#


PLACES = (
    ("wizard.asking.wishes.destination_hash", "create"),
    ("wizard.asking.wishes.destination_hash", "draft"),
    ("wizard.asking.drafts._write", "check"),
    ("wizard.credentials.auth_form.faults", "create"),
    ("wizard.json_schema.validation._innermost", "create"),
    ("wizard.connecting.pasting.fill", "paste"),
)


@pytest.mark.parametrize(("place", "intent"), PLACES)
@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_shows_no_secret(alice, filled, settings, monkeypatch, debug, place, intent):
    def break_down(*_args):
        raise RuntimeError("broken on purpose")

    settings.DEBUG = debug
    settings.DATABASE_URL = f"postgresql://reader:{URL_PASSWORD}@db.example.com/wizard"
    monkeypatch.setattr(place, break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    if place.endswith("_innermost"):
        monkeypatch.setattr("wizard.json_schema.validation.Validator.iter_errors", lambda *_args: iter([None]))
    pasted = {"pasted": f"Server=h;Password={PLAIN}"} if intent == "paste" else {}
    answer = client.post("/connect/postgres/", filled(**{FIELD: PLAIN}, **pasted, intent=intent))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert ("broken on purpose" in page) is debug
    for secret in (PLAIN, CANARY, URL_PASSWORD, settings.SECRET_KEY, *settings.CREDENTIAL_KEYS):
        assert secret not in page


@pytest.mark.parametrize("place", ["public_params", "tasks.change_later"])
@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_of_an_edit_shows_no_secret(by_key, alice, settings, monkeypatch, debug, place):
    def break_down(*_args):
        raise RuntimeError("broken on purpose")

    settings.DEBUG = debug
    monkeypatch.setattr(f"wizard.changing.services.{place}", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    replaced = {"choice.auth.params.password": "replace", "auth.params.password": PLAIN}
    answer = client.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **replaced))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert ("broken on purpose" in page) is debug
    assert PLAIN not in page
    assert "first-pw" not in page


def test_a_log_line_does_not_hold_the_first_link():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s: %s", ("Forbidden", "/first/abc-DEF_1/"), None)

    assert LinkFilter().filter(record)
    assert record.getMessage() == "Forbidden: /first/[hidden]/"


# --- By its value ---

QUOTED = {
    "as it is": str,
    "as a repr": repr,
    "in a URL": quote,
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 with a name before it": lambda text: base64.b64encode(f"reader:{text}".encode()).decode(),
    "in hex": lambda text: text.encode().hex(),
    "in JSON": lambda text: f'{{"password": "{text}"}}'.replace("'", "\\u0027"),
}


@pytest.fixture
def line():
    """Writes a log line as the product does, what it breaks with included."""

    def write(message, *arguments, error=None):
        record = logging.LogRecord("x", logging.ERROR, "", 0, message, arguments, error)
        assert SecretFilter().filter(record)
        return logging.Formatter("{message}", style="{").format(record)

    with forgetting():
        yield write


@pytest.mark.parametrize("way", QUOTED)
def test_a_log_line_repeats_no_secret_that_was_opened(line, way):
    quoted = QUOTED[way](PLAIN)
    assert PLAIN in line("before: %s", PLAIN)
    Secret(PLAIN).open()

    told = [line("got %s", quoted), line(f"got {quoted}"), line("%(got)s", {"got": quoted}), line("%r", [quoted])]
    for text in told:
        assert "[hidden]" in text
        assert quoted not in text
        assert PLAIN not in text


def test_a_traceback_in_a_log_line_repeats_no_secret_that_was_opened(line):
    Secret({"password": CANARY, "server": "db.example.com"}).open()
    try:
        raise KeyError(CANARY)
    except KeyError:
        told = line("It broke at db.example.com.", error=sys.exc_info())

    assert "KeyError" in told
    assert "It broke at db.example.com." in told
    assert "c4nary" not in told


def test_a_secret_inside_of_one_that_was_opened_is_hidden_and_the_line_is_written(line):
    Secret({"password": Secret(PLAIN), "server": "db.example.com"}).open()

    told = line("got %s from db.example.com", PLAIN)
    assert told == "got [hidden] from db.example.com"


def test_what_a_line_is_about_repeats_no_secret_that_was_opened():
    record = logging.LogRecord("x", logging.INFO, "", 0, "got it", (), None)
    record.fields = {"path": f"/connections/{PLAIN}/", "status": 200}
    with forgetting():
        Secret(PLAIN).open()
        SecretFilter().filter(record)
    assert record.fields == {"path": "/connections/[hidden]/", "status": 200}


def test_a_log_line_that_cannot_be_written_repeats_no_secret(line):
    Secret(PLAIN).open()
    assert PLAIN not in line("%s %s", Secret(PLAIN), PLAIN)


def test_a_line_of_a_key_is_as_secret_as_the_key(line):
    inside = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
    Secret(f"-----BEGIN KEY-----\n{inside}\n-----END KEY-----\n").open()
    assert inside not in line("could not read %s", inside)


def test_what_another_request_opened_is_forgotten(signed_in, filled):
    signed_in.post("/connect/postgres/", filled())
    assert blanked(CANARY) == CANARY


# --- In each step ---

STEPS = (
    *("asking.starting.one_at_a_time", "asking.wishes.destination_hash", "connections.tasks.submit_later"),
    *("connecting.views.start_connection", "credentials.auth_form.faults", "credentials.auth_form.auth_params"),
    *("json_schema.validation._innermost", "vault.sealing.key_ring", "connections.models.BaseConnection.save"),
    *("connecting.connect_form.ConnectForm.form_values", "connection_strings.pattern.Pattern.compose"),
    *("credentials.fields.has_no_control_characters", "credentials.params.is_empty", "credentials.held.unseal"),
)
MARKED_STEPS = (
    *STEPS[:6],
    *("vault.sealing.key_ring", "connecting.connect_form.ConnectForm.form_values", "credentials.params.is_empty"),
    *("connecting.carrying.carried_values", "connecting.views.row_to_send", "connecting.carrying.load_catalog"),
)
TASK_STEPS = (
    *("work.submitting.create_body", "work.submitting.secrets_of", "values.client.flow_service"),
    *("flow_service.caller.call", "flow_service.caller.secrets_in", "flow_service.http._exchange"),
    *("flow_service.http.Session.send", "organizations.tokens.fetch_token", "work.submitting.note_outcome"),
)


def breaking(secret):
    """Stands in for a step that breaks, and says in its words what it had in hands."""

    def break_down(*_args, **_kwargs):
        in_hands = secret
        raise RuntimeError(f"broken on {in_hands}: {in_hands!r} {quote(in_hands)}")

    return break_down


def reports(request, error, settings):
    """All that is made of an error: Django's page with DEBUG and without, the mail, and a log line."""
    for debug in (True, False):
        settings.DEBUG = debug
        reporter = settings_reporter(request, error)
        yield from (reporter.get_traceback_html(), reporter.get_traceback_text())
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error", (), error)
    record.request = request
    settings.ADMINS = ["admin@example.com"]
    sent = []
    handler = AdminEmailHandler(include_html=True)
    handler.send_mail = lambda *args, **kwargs: sent.extend([*map(str, args), *map(str, kwargs.values())])
    handler.emit(record)
    assert sent
    yield from sent
    SecretFilter().filter(record)
    yield logging.Formatter().format(record)


def settings_reporter(request, error):
    return import_string(settings_module.DEFAULT_EXCEPTION_REPORTER)(request, *error, is_email=False)


@pytest.fixture
def told_of(settings, monkeypatch):
    """What is told of the error that a view or a task breaks with, while its request or task still lasts."""
    told = []

    def tell(sender, request=None, **_kwargs):
        told.extend(reports(request, sys.exc_info(), settings))

    got_request_exception.connect(tell)
    yield told
    got_request_exception.disconnect(tell)


@pytest.mark.parametrize("step", STEPS)
def test_whatever_breaks_in_a_request_nothing_made_of_it_repeats_a_secret(alice, filled, monkeypatch, told_of, step):
    if step.endswith("_innermost"):
        monkeypatch.setattr("wizard.json_schema.validation.Validator.iter_errors", lambda *_args: iter([None]))
    form = filled(held="eA==", **{FIELD: CANARY})
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    monkeypatch.setattr(f"wizard.{step}", breaking(CANARY))
    answer = client.post("/connect/postgres/", form)

    assert answer.status_code == 500
    assert len(told_of) > 5
    assert any("RuntimeError" in text for text in told_of)
    for text in (*told_of, answer.content.decode()):
        assert "c4nary" not in text
        assert quote(CANARY) not in text


@pytest.mark.parametrize("step", TASK_STEPS)
def test_whatever_breaks_in_a_task_its_result_repeats_no_secret(asked_for, monkeypatch, step):
    connection = asked_for()
    monkeypatch.setattr(f"wizard.{step}", breaking(CANARY))

    with pytest.raises((TaskBroke, RuntimeError)) as broken:
        submitting.submit(connection.pk)
    told = "".join(traceback.format_exception(broken.value))
    assert "RuntimeError" in told
    assert "c4nary" not in told
    assert quote(CANARY) not in told


@pytest.mark.parametrize("step", ["operations", "finish_edit", "client_of"])
def test_whatever_breaks_in_a_change_its_result_repeats_no_secret(by_key, signed_in, monkeypatch, step):
    replaced = {"choice.auth.params.password": "replace", "auth.params.password": CANARY}
    signed_in.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **replaced))
    monkeypatch.setattr(f"wizard.work.changing.{step}", breaking(CANARY))

    with pytest.raises(TaskBroke) as broken:
        send(by_key.changes.get())
    assert "c4nary" not in "".join(traceback.format_exception(broken.value))


@pytest.mark.parametrize("step", MARKED_STEPS)
def test_django_hides_the_variables_by_our_marks_alone(alice, filled, monkeypatch, settings, step):
    """Whoever reports errors by another filter than ours sees what `sensitive_variables` leaves."""

    def break_down(*_args, **_kwargs):
        raise RuntimeError("broken on purpose")

    client = browser_of(alice)
    form = filled(**{FIELD: PLAIN})
    monkeypatch.setattr(f"wizard.{step}", break_down)
    with pytest.raises(RuntimeError) as broken:
        client.post("/connect/postgres/", form)
    settings.DEBUG = False
    reporter = ExceptionReporter(None, broken.type, broken.value, broken.tb)
    reporter.filter = SafeExceptionReporterFilter()
    frames = [str(frame["vars"]) for frame in reporter.get_traceback_frames() if "wizard/" in frame["filename"]]
    assert frames
    assert PLAIN not in "".join(frames)
