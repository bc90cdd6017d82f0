"""Columns, first rows, files and records: what is shown of them, however odd or large, and that nothing is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.emulator.running import Emulator
from tests.people.steps import person_with
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.record.kinds import Kind
from wizard.record.models import Event

Connect = Callable[..., BaseConnection]
Look = Callable[..., Any]
PLANTED = "planted-cell-0815"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_columns_say_what_they_are_in_the_source_and_in_xdm(connected: Connect, look: Look) -> None:
    html = text_of(look(connected(), type="table", object="sample.customers"))
    assert "7 columns" in html
    assert '<span class="chip family-number">int</span>' in html
    assert '<span class="chip family-date">date-time</span>' in html
    assert (
        'aria-label="Columns by their type in XDM. Text: 3, Numbers: 1, Dates and times: 2, True or false: 1"' in html
    )
    assert "Show first rows" in html
    assert "person1@example.com" not in html


def test_first_rows_come_on_demand(connected: Connect, look: Look) -> None:
    html = text_of(look(connected(), type="table", object="sample.customers", rows="5"))
    assert "First 5 rows" in html
    assert "person5@example.com" in html
    assert "person6@example.com" not in html
    assert '<td class="cell-null">null</td>' in html
    assert 'aria-label="1 of 5 null, 3 distinct"' in html
    assert '<td class="cell-number">5</td>' in html


def test_no_cell_is_kept_anywhere(connected: Connect, look: Look, holds: Any) -> None:
    columns = [{"name": "a", "type": "text", "xdm": {"type": "string"}}]
    holds({"x.y": {"name": "y", "columns": columns, "rows": [[PLANTED]]}})
    assert PLANTED in text_of(look(connected(), type="table", object="x.y", rows="20"))
    for model in apps.get_models():
        for row in model._default_manager.all().values():
            assert PLANTED not in str(row), model


def test_each_look_is_on_record_and_says_whether_rows_were_shown(connected: Connect, look: Look) -> None:
    connection = connected()
    for rows in ("", "20", "20"):
        look(connection, type="table", object="sample.orders", rows=rows)
    noted = [event.details for event in Event.objects.filter(kind=Kind.EXPLORED, connection=connection)]
    same = {"object_type": "table", "path": "sample.orders"}
    assert noted == [same | {"rows_shown": shown} for shown in ("no", "yes", "yes")]


def test_odd_cells_are_short_and_harmless(connected: Connect, look: Look, holds: Any) -> None:
    cells = {
        "script": "<script>alert(1)</script>",
        "bidi": "a\u202eb\u2066c",
        "long": "x" * 1_000_000,
        "binary": "PNG\x00\x01\ufffd",
        "bytes": "AAEC" * 1000,
        "nested": {"a": [1, {"b": "<b>"}], "c": None},
        "surrogate": "\ud800\ud800",
        "large": 10**300,
        "truth": False,
        "number": 1.5,
    }
    columns = [{"name": name, "type": "bytea" if name == "bytes" else "t"} for name in cells]
    holds({"x.y": {"name": "y", "columns": columns, "rows": [list(cells.values())]}})
    html = text_of(look(connected(), type="table", object="x.y", rows="20"))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<bdi>abc</bdi>" in html
    assert "x" * 201 not in html
    assert "1,000,000 characters" in html
    assert html.count("binary, ") == 3
    assert "binary, 3.9 KB" in html
    assert "{&quot;a&quot;: [1, {&quot;b&quot;: &quot;&lt;b&gt;&quot;}], &quot;c&quot;: null}" in html
    assert "301 characters" in html
    assert len(html) < 60_000


def test_nested_cells_that_are_large_or_deep_are_cut(connected: Connect, look: Look, holds: Any) -> None:
    deep: Any = "core"
    for _ in range(190):
        deep = [deep]
    columns = [{"name": name} for name in ("deep", "wide")]
    wide = {f"key{number}": "v" * 100 for number in range(5000)}
    holds({"x.y": {"name": "y", "columns": columns, "rows": [[deep, wide]]}})
    html = text_of(look(connected(), type="table", object="x.y", rows="20"))
    assert html.count("<small>cut</small>") == 2
    assert len(html) < 40_000


def test_two_thousand_columns_stay_usable(connected: Connect, look: Look, holds: Any) -> None:
    columns = [{"name": f"column_{number}", "type": "int", "xdm": {"type": "integer"}} for number in range(2000)]
    holds({"x.y": {"name": "y", "columns": columns, "rows": [list(range(2000))] * 100}})
    connection = connected()
    html = text_of(look(connection, type="table", object="x.y", rows="100"))
    assert html.count('name="column"') == 2000
    assert html.count('class="cell-number"') == 100 * 50
    assert "Columns 1 to 50 of 2000" in html
    second = text_of(look(connection, type="table", object="x.y", rows="5", part="2"))
    assert "Columns 51 to 100 of 2000" in second
    found = text_of(look(connection, type="table", object="x.y", rows="5", find="column_1999"))
    assert "1 of 2000 columns match" in found
    assert '<td class="cell-number">1999</td>' in found


def test_columns_of_one_name_and_of_odd_names_are_shown(connected: Connect, look: Look, holds: Any) -> None:
    columns = [{"name": name, "type": "t"} for name in ("a", "a", "nul\x00", "half\ud800", "\u202e", "<b>")]
    holds({"x.y": {"name": "y", "columns": columns}})
    html = text_of(look(connected(), type="table", object="x.y"))
    assert html.count('name="column"') == 3
    assert "a column of this name stands above" in html
    assert html.count("its name or type cannot be kept") == 2
    assert "(a name without letters)" in html
    assert "<b>" not in html


def test_a_file_is_detected(connected_to: Any, look: Look) -> None:
    connection = connected_to("s3")
    html = text_of(look(connection, type="file", object="/sample customers/customers.tsv", detect="1", rows="20"))
    assert "person2@example.com" in html
    assert "How the file is read: delimited, as Adobe found out" in html
    packed = text_of(look(connection, type="file", object="/sample customers/customers.csv.gz", detect="1"))
    assert 'name="columnDelimiter" value="|"' in packed
    assert '<option value="gzip" selected>' in packed


def test_a_file_is_read_as_the_form_says(connected_to: Any, look: Look, flow_service: Emulator) -> None:
    connection = connected_to("s3")
    path = "/sample customers/customers.csv.gz"
    how = {"fileType": "delimited", "columnDelimiter": "|", "compressionType": "gzip", "encoding": "UTF-8"}
    html = text_of(look(connection, type="file", object=path, rows="5", **how))
    assert "person2@example.com" in html
    query = dict(last_explore(flow_service)["query"])
    assert {name: query[name] for name in how} == how


def last_explore(flow_service: Emulator) -> dict[str, Any]:
    found = [entry for entry in flow_service.requests("GET") if entry["path"].endswith("/explore")]
    return found[-1]


def test_a_tab_is_typed_as_backslash_t(connected_to: Any, look: Look) -> None:
    connection = connected_to("s3")
    path = "/sample customers/customers.tsv"
    html = text_of(look(connection, type="file", object=path, fileType="delimited", columnDelimiter="\\t", rows="5"))
    assert "person2@example.com" in html


def test_a_file_that_nobody_has_said_how_to_read_asks(signed_in: Client, connected_to: Any) -> None:
    connection = connected_to("s3")
    query = {"type": "file", "object": "/sample orders.csv"}
    html = text_of(signed_in.get(f"/connections/{connection.uuid}/explore/", query))
    assert "Detect" in html
    assert "File type" in html
    assert 'hx-trigger="load"' not in html


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fileType": "xls"}, "xls is not one of the available choices"),
        ({"fileType": "delimited", "columnDelimiter": "ab"}, "One character, and no quote"),
        ({"fileType": "json", "encoding": "a b"}, "Letters, digits, dots and dashes only"),
        ({"fileType": ""}, "This field is required"),
    ],
)
def test_wrong_options_are_said_at_their_fields(
    options: dict[str, str], words: str, signed_in: Client, connected_to: Any
) -> None:
    connection = connected_to("s3")
    query = {"type": "file", "object": "/sample orders.csv", "now": "1", **options}
    answer = signed_in.get(f"/connections/{connection.uuid}/explore/", query)
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_nested_files_show_paths_and_compact_cells(connected_to: Any, look: Look) -> None:
    html = text_of(look(connected_to("s3"), type="file", object="/sample events/events.json", detect="1", rows="5"))
    assert "<bdi>customer.name</bdi>" in html
    assert "<bdi>tags[]</bdi>" in html
    assert html.count('family-nested">array</span>') == html.count('family-nested">object</span>') == 1
    assert "{&quot;id&quot;: 8, &quot;name&quot;: &quot;Sample Person 8&quot;}" in html


def test_a_rest_source_asks_for_its_parameters_and_shows_records(
    connected_to: Any, signed_in: Client, flow_service: Emulator
) -> None:
    connection = connected_to("mailchimp-members")
    address = f"/connections/{connection.uuid}/explore/"
    assert "Parameters of the source, as JSON" in text_of(signed_in.get(address))
    answer = signed_in.post(address, {"type": "rest", "sourceParams": '{"listId": "canary-list"}'})
    assert answer.status_code == 200
    assert "sample-event-01" in text_of(answer)
    for model in apps.get_models():
        for row in model._default_manager.all().values():
            assert "canary-list" not in str(row), model


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "NaN", '{"a": NaN}', "[" * 10_000, "x" * 20_001])
def test_parameters_that_are_no_object_are_refused_at_their_field(
    text: str, connected_to: Any, signed_in: Client
) -> None:
    connection = connected_to("mailchimp-members")
    answer = signed_in.post(f"/connections/{connection.uuid}/explore/", {"sourceParams": text})
    assert answer.status_code == 422
    assert "errorlist" in text_of(answer)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1330-400", "Adobe sees no columns in this table."),
        ("1336-400", "Adobe cannot look inside a source of this kind."),
        ("1337-400", "What you look at in the source needs one more value."),
        ("1358-400", "a kind of thing that this source does not have"),
        ("1359-400", "A value that Adobe needs was left out of the request."),
        ("1331-400", "The character between columns was given as more than one character."),
        ("1371-400", "Adobe cannot find out by itself how the files of this source are built."),
        ("1374-400", "Adobe was asked to find out how the file is built, and was told at the same time."),
        ("1375-400", "Adobe could not find out how the file is built."),
        ("1376-400", "Adobe does not find out for a source of this kind how its files are built."),
        ("1389-400", "it is not valid base64"),
        ("1394-400", "A number was smaller than one."),
        ("1399-400", "Adobe could not tell which type the file is of."),
        ("1308-400", "the connector reported a problem"),
        ("", "Adobe did not accept the request as it was written."),
    ],
)
def test_errors_are_said_in_plain_words_with_what_to_do(
    code: str, words: str, connected: Connect, look: Look, flow_service: Emulator
) -> None:
    connection = connected()
    match = {"path": "/connections/*/explore"}
    fault = {"kind": "status", "status": 400, "code": code, "message": "Their <b>own</b> words", "match": match}
    flow_service.set_faults([fault])
    html = text_of(look(connection, type="table", object="sample.orders"))
    assert words in html.replace("&#x27;", "'")
    assert "Who can fix it" in html
    assert "What to do next" in html
    assert "Their &lt;b&gt;own&lt;/b&gt; words" in html
    assert "Request ID" in html
    assert "Try again" in html


@pytest.mark.parametrize(("kind", "is_told"), [("table", True), ("folder", True), ("file", True), ("root", False)])
def test_a_source_that_refuses_one_thing_may_not_have_it_any_more(
    kind: str, is_told: bool, connected: Connect, look: Look, flow_service: Emulator
) -> None:
    fault = {"kind": "status", "status": 400, "code": "1308-400", "match": {"path": "/connections/*/explore"}}
    flow_service.set_faults([fault])
    query = {} if kind == "root" else {"object": "/x/", "detect": "1"}
    html = text_of(look(connected(), type=kind, **query))
    assert (f"Check that this {kind} is still there, and that the connection’s user may read it." in html) is is_told


def test_a_source_without_a_root_leads_to_records(connected: Connect, look: Look, flow_service: Emulator) -> None:
    connection = connected()
    match = {"path": "/connections/*/explore"}
    flow_service.set_faults([{"kind": "status", "status": 400, "code": "1358-400", "match": match}])
    assert "?type=rest" in text_of(look(connection))


def test_an_answer_that_is_too_large_asks_for_fewer_rows(
    connected: Connect, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.flow_service.explore.CONTENTS_LIMIT", 500)
    html = text_of(look(connected(), type="table", object="sample.orders", rows="100"))
    assert "Ask for fewer rows" in html
    assert "The answer broke off or is too large" in html


def test_what_cannot_be_explored_leads_back(signed_in: Client, connected: Connect) -> None:
    connection = connected()
    for change in ({"finding": "vanished"}, {"finding": "", "status": "failed"}):
        BaseConnection.objects.filter(pk=connection.pk).update(**change)
        answer = signed_in.get(f"/connections/{connection.uuid}/explore/", follow=True)
        assert answer.redirect_chain[0][0] == f"/connections/{connection.uuid}/"
        assert "There is nothing to explore" in text_of(answer)


def test_who_may_look(client: Client, connected: Connect, bob: Any, charlie: Any, organization: Any) -> None:
    connection = connected()
    viewer = person_with(Role.VIEWER, organization, "vera@example.com")
    for person, status in ((bob, 200), (viewer, 403), (charlie, 404)):
        client.force_login(person)
        assert client.get(f"/connections/{connection.uuid}/explore/").status_code == status
        expected = {200: 302}.get(status, status)
        assert client.post(f"/connections/{connection.uuid}/explore/choose/", CHOICE).status_code == expected


CHOICE = {"type": "table", "object": "sample.orders", "intent": "all"}


def test_looks_do_not_push_what_happened_off_the_page_of_the_connection(
    signed_in: Client, connected: Connect, look: Look
) -> None:
    connection = connected()
    look(connection, type="table", object="sample.orders")
    assert "event-explored" not in text_of(signed_in.get(f"/connections/{connection.uuid}/"))
    assert "Explored" in text_of(signed_in.get("/activity/", {"connection": str(connection.uuid)}))
