"""Each call of a connection's life: on its page the newest, on a page of their own all of them; never a body."""

import re

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from tests.conftest import CANARY
from tests.history.steps import BASE, add_tests, calls, in_words, shown
from tests.people.steps import browser_of, person_with
from wizard.access.roles import Role
from wizard.history.calls import purpose_of, short_path
from wizard.history.durations import in_words as duration

ID = "0fa1c2d3-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("POST", "/connections", "Create"),
        ("GET", "/connections", "Look up"),
        ("GET", f"/connections/{ID}", "Read"),
        ("PATCH", f"/connections/{ID}", "Change"),
        ("DELETE", f"/connections/{ID}", "Delete"),
        ("POST", f"/connections/{ID}/action", "Enable or disable"),
        ("GET", f"/connections/{ID}/test", "Test"),
        ("GET", f"/connections/{ID}/explore", "Explore"),
        ("GET", f"/connectionSpecs/{ID}", "Read the source’s spec"),
        ("POST", "/sourceConnections", "Create source connection"),
        ("POST", "/flows", "Create dataflow"),
        ("PUT", f"/connections/{ID}", ""),
        ("GET", "/something/else", ""),
    ],
)
def test_a_call_says_what_it_was_for(method, path, words):
    assert purpose_of(method, BASE + path) == words


def test_a_long_path_is_short_on_the_page():
    assert short_path(f"{BASE}/connections/{ID}/test") == "/connections/…/test"
    assert short_path("/data/foundation/sandbox-management/") == "/sandbox-management/"
    assert short_path("/elsewhere/x") == "/elsewhere/x"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(None, ""), (0, "0 ms"), (850, "850 ms"), (1200, "1.2 s"), (60_000, "1 min"), (125_000, "2 min 5 s")],
)
def test_a_duration_is_told_in_words(milliseconds, words):
    assert duration(milliseconds) == words


def test_the_page_shows_what_was_really_sent_and_no_body(signed_in, connected):
    connection = connected()
    html = shown(signed_in.get(connection.get_absolute_url()).content.decode(), "requests")

    made = connection.calls.get(method="POST")
    assert "Create POST /connections 201" in in_words(html)
    assert f'<code id="call-{made.pk}">{made.request_id}</code>' in html
    assert "db.example.com" not in html
    assert CANARY not in html
    assert "?" not in "".join(re.findall("<code>(.*?)</code>", html))


@pytest.mark.parametrize(
    ("status", "outcome", "words", "look"),
    [
        (200, "", "200", "succeeded"),
        (404, "", "404", "failed"),
        (301, "", "301", "failed"),
        (429, "", "429", "unknown"),
        (503, "", "503", "unknown"),
        (None, "NoAnswer", "No answer", "unknown"),
        (None, "NotSent", "Not sent", "unknown"),
    ],
)
def test_a_status_is_a_pill(signed_in, asked_for, status, outcome, words, look):
    connection = asked_for()
    calls(connection, 1, status=status, outcome=outcome)
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    assert f'<span class="pill pill-outcome-{look}">{words}</span>' in html


def test_a_bar_is_as_long_as_its_share_of_the_slowest(signed_in, asked_for):
    connection = asked_for()
    calls(connection, 1, duration_ms=500)
    calls(connection, 1, duration_ms=2000)
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    assert re.findall(r'<rect width="(\d+)"', html) == ["100", "25"]


def test_before_anything_is_sent_the_page_says_so(signed_in, asked_for):
    connection = asked_for()
    assert "Nothing was sent to Adobe for it so far." in signed_in.get(connection.get_absolute_url()).content.decode()
    assert "No requests yet" in signed_in.get(f"{connection.get_absolute_url()}requests/").content.decode()


def test_the_page_of_requests_leads_through_all_of_them(signed_in, asked_for):
    connection = asked_for()
    made = [call.request_id for call in calls(connection, 60)]
    calls(asked_for("Other"), 3, path=f"{BASE}/connections/of-another")
    url, found = f"{connection.get_absolute_url()}requests/", []
    query = ""
    while query is not None:
        html = signed_in.get(url + query).content.decode()
        found += re.findall(r'<code id="call-\d+">(.*?)</code>', html)
        assert "of-another" not in html
        link = re.search(r'href="[^"]*requests/(\?[^"]*)" rel="next"', html)
        query = link and link[1].replace("&amp;", "&")
    assert found == made[::-1]


def test_a_strange_query_does_no_harm(signed_in, asked_for):
    url = f"{asked_for().get_absolute_url()}requests/"
    for query in ("?before=x", "?after=-1", "?before=" + "9" * 30, "?before=1"):
        assert signed_in.get(url + query).status_code == 200


def test_what_stands_in_a_call_is_escaped(signed_in, asked_for):
    connection = asked_for()
    calls(connection, 1, path="/x/<b>bold</b>", method="<i>")
    for url in ("", "requests/"):
        html = signed_in.get(connection.get_absolute_url() + url).content.decode()
        assert "<b>bold</b>" not in html
        assert "&lt;b&gt;bold&lt;/b&gt;" in html


def test_five_thousand_calls_and_a_thousand_events_need_no_more_queries(signed_in, connected):
    connection = connected()
    urls = (connection.get_absolute_url(), f"{connection.get_absolute_url()}requests/")
    add_tests(connection, "succeeded")
    calls(connection, 30)
    for url in urls:
        signed_in.get(url)
    few = [queries(signed_in, url) for url in urls]
    add_tests(connection, *["succeeded"] * 1000)
    calls(connection, 5000)
    assert [queries(signed_in, url) for url in urls] == few
    assert few[0] <= 24
    assert few[1] <= 9


def queries(client, url):
    with CaptureQueriesContext(database) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_newest_calls_are_read_by_their_index(signed_in, connected):
    connection = connected()
    calls(connection, 100)
    plan = connection.calls.order_by("-pk")[:20].explain()
    # As SQLite says it; PostgreSQL's plan depends on how much there is.
    assert "SCAN connections_call" not in plan
    assert "TEMP B-TREE" not in plan


def test_who_only_looks_sees_requests_and_chart_and_no_button(connected, organization):
    connection = connected()
    add_tests(connection, "succeeded", "failed")
    viewer = browser_of(person_with(Role.VIEWER, organization, "erin@example.com"))
    html = viewer.get(connection.get_absolute_url()).content.decode()

    assert "1 of 2 failed." in html
    assert "Create POST /connections 201" in in_words(html)
    assert "Ask Adobe" not in html
    assert 'id="explore"' not in html
    assert "Next steps" in shown(html, "next")
    assert 'action="/connections/' not in html
    assert viewer.get(f"{connection.get_absolute_url()}requests/").status_code == 200
    assert viewer.post(f"{connection.get_absolute_url()}uses/").status_code == 403


def test_who_has_no_role_finds_nothing(connected, charlie):
    connection = connected()
    for path in ("", "requests/", "uses/"):
        assert browser_of(charlie).get(connection.get_absolute_url() + path).status_code == 404


def test_another_id_of_adobe_stands_beside_ours(connected, signed_in):
    connection = connected()
    made = connection.calls.get(method="POST")
    page = f"{connection.get_absolute_url()}requests/"
    assert "Adobe’s" not in signed_in.get(page).text
    connection.calls.filter(pk=made.pk).update(answer_id="<theirs>")
    html = signed_in.get(page).text
    assert f'<code id="call-{made.pk}">{made.request_id}</code>' in html
    assert f'<code id="answer-{made.pk}">&lt;theirs&gt;</code>' in html
