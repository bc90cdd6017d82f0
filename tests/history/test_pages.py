"""Home, chooser, history and a connection's page, as alice sees them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.work import following, submitting, testing


def page(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def rows(alice, organization):
    """Sixty connected rows, the newest with the highest number."""
    common = {"organization": organization, "sandbox_name": "prod", "created_by": alice, "status": Status.CONNECTED}
    return BaseConnection.objects.bulk_create(
        BaseConnection(
            **common,
            name=f"Row {number:02}",
            source="mysql" if number % 2 else "postgres",
            source_label="MySQL" if number % 2 else "PostgreSQL",
            base_connection_id=f"id-{number:02}",
        )
        for number in range(60)
    )


def names(html):
    return re.findall(r"Row \d\d", html)


def test_an_empty_home_says_what_to_do_next(signed_in, organization):
    assert "Make your first connection" in page(signed_in.get("/"))


def test_home_shows_what_needs_attention(signed_in, asked_for):
    connection = asked_for()
    connection.claim()
    connection.mark_failed("refused")
    html = page(signed_in.get("/"))

    assert "1 needs attention" in " ".join(re.sub("<[^>]+>", " ", html).split())
    assert connection.get_absolute_url() in html


def test_every_link_of_home_and_history_leads_somewhere(signed_in, asked_for):
    asked_for()
    for start in ("/", "/connections/", "/connect/"):
        for link in set(re.findall(r'href="(/[^"#]*)"', page(signed_in.get(start)))):
            if not link.startswith("/static/"):
                assert signed_in.get(link).status_code == 200, link


def test_the_chooser_finds_sources_by_name(signed_in, organization):
    html = page(signed_in.get("/connect/?q=postgre", headers={"HX-Request": "true"}))

    assert "/connect/postgres/" in html
    assert "/connect/mysql/" not in html
    assert "<html" not in html


def test_the_chooser_says_so_when_nothing_fits(signed_in, organization):
    assert "/connect/mysql/" not in page(signed_in.get("/connect/?q=nothing-like-it"))


def test_the_history_shows_the_newest_first_and_leads_to_every_row(signed_in, rows):
    html = page(signed_in.get("/connections/"))
    seen = names(html)
    assert seen[0] == "Row 59"
    while older := re.search(r'href="/connections/(\?[^"]*)" rel="next"', html):
        html = page(signed_in.get("/connections/" + older[1].replace("&amp;", "&")))
        seen += names(html)

    assert seen == [f"Row {number:02}" for number in reversed(range(60))]


def test_the_history_leads_back_and_to_both_ends(signed_in, rows):
    html = page(signed_in.get("/connections/?after=0"))
    assert names(html)[-1] == "Row 00"
    newer = re.search(r'href="/connections/(\?[^"]*)" rel="prev"', html)
    assert names(page(signed_in.get("/connections/" + newer[1])))[-1] == "Row 25"


def test_the_history_filters_by_text_source_and_status(signed_in, rows):
    BaseConnection.objects.filter(pk=rows[8].pk).update(status=Status.FAILED)

    assert names(page(signed_in.get("/connections/?q=id-33"))) == ["Row 33"]
    assert names(page(signed_in.get("/connections/?status=failed"))) == ["Row 08"]
    assert names(page(signed_in.get("/connections/?status=attention"))) == ["Row 08"]
    odd = [f"Row {number:02}" for number in range(59, 10, -2)]
    assert names(page(signed_in.get("/connections/?source=mysql&status=connected"))) == odd


@pytest.mark.parametrize(
    "query", ["before=x", "after=-1", "before=" + "9" * 30, "status=nonsense", "source=%00", "q=%25_"]
)
def test_a_strange_query_does_no_harm(signed_in, rows, query):
    assert signed_in.get(f"/connections/?{query}").status_code == 200


@pytest.mark.parametrize("url", ["/", "/connections/", "/connect/", "/organizations/"])
def test_ten_times_the_rows_need_no_more_queries(signed_in, rows, django_assert_num_queries, url, alice):
    from django.db import connection as database
    from django.test.utils import CaptureQueriesContext

    # The first request notes where alice is signed in.
    signed_in.get(url)
    with CaptureQueriesContext(
        database,
    ) as few:
        signed_in.get(url)
    for row in rows:
        row.pk, row.uuid, row.name = None, BaseConnection._meta.get_field("uuid").get_default(), f"{row.name}b"
        row.base_connection_id = f"{row.base_connection_id}b"
    BaseConnection.objects.bulk_create(rows)
    with django_assert_num_queries(len(few)):
        signed_in.get(url)


def test_a_waiting_page_refreshes_itself_with_and_without_javascript(signed_in, asked_for):
    connection = asked_for()
    html = page(signed_in.get(connection.get_absolute_url()))

    assert 'hx-trigger="every 100ms"' in html
    assert '<noscript><meta http-equiv="refresh"' in html


@pytest.mark.parametrize(("ago", "pause"), [(0, "100ms"), (4, "300ms"), (16, "1s"), (-60, "1s")])
def test_what_takes_long_is_asked_for_less_often(signed_in, asked_for, ago, pause):
    connection = asked_for()
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=timezone.now() - timedelta(seconds=ago))

    assert f'hx-trigger="every {pause}"' in page(signed_in.get(connection.get_absolute_url()))


def test_the_status_fragment_ends_its_polling(signed_in, asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    fragment = {"HX-Request": "true"}
    assert "hx-trigger" in page(signed_in.get(connection.get_absolute_url(), headers=fragment))
    following.follow(connection.pk)
    html = page(signed_in.get(connection.get_absolute_url(), headers=fragment))

    connection.refresh_from_db()
    assert "hx-trigger" not in html
    assert "Enabled" in html
    assert connection.base_connection_id in html
    assert "<html" not in html


def test_a_failure_is_explained_with_adobes_words_beside(signed_in, asked_for, flow_service):
    refusal = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 400, "code": "1415-400"}
    flow_service.set_faults([refusal | {"message": "auth spec <b>x</b> could not be found"}])
    connection = asked_for()
    submitting.submit(connection.pk)
    html = page(signed_in.get(connection.get_absolute_url()))

    connection.refresh_from_db()
    assert "What to do next" in html
    assert "1415-400" in html
    assert "auth spec &lt;b&gt;x&lt;/b&gt; could not be found" in html
    assert connection.error_request_id in html
    assert f"?again={connection.uuid}" in html


def test_the_curl_has_placeholders_for_secret_and_token(signed_in, asked_for):
    html = page(signed_in.get(asked_for().get_absolute_url()))

    assert "Bearer {ACCESS_TOKEN}" in html
    assert "Password={PASSWORD}" in html
    assert "Server=db.example.com" in html


@pytest.mark.parametrize(("faults", "result"), [([], "passed"), ([{"kind": "test_fails"}], "failed")])
def test_a_test_shows_its_result(signed_in, asked_for, flow_service, faults, result):
    connection = asked_for()
    submitting.submit(connection.pk)
    flow_service.set_faults(faults)
    signed_in.post(f"{connection.get_absolute_url()}test/")
    assert "Testing" in page(signed_in.get(connection.get_absolute_url()))
    testing.run_test(connection.pk)

    html = page(signed_in.get(connection.get_absolute_url()))
    connection.refresh_from_db()
    assert connection.test_status == result
    assert f"Test {result}" in html
    assert connection.remote_state == "enabled"


def test_a_test_that_gets_no_answer_says_so(signed_in, asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    flow_service.set_faults([{"kind": "lose_before"}])
    signed_in.post(f"{connection.get_absolute_url()}test/")
    testing.run_test(connection.pk)

    connection.refresh_from_db()
    assert connection.test_status == "error"
    assert connection.status == Status.CONNECTED


def test_a_test_whose_worker_died_comes_to_an_end(signed_in, asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    signed_in.post(f"{connection.get_absolute_url()}test/")
    testing.give_up_silent_tests(timezone.now())

    connection.refresh_from_db()
    assert connection.test_status == "error"


def test_a_test_is_asked_for_once_at_a_time(signed_in, asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    OrmQ.objects.all().delete()
    for _ in range(2):
        signed_in.post(f"{connection.get_absolute_url()}test/")

    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("action", ["test/", "look-again/"])
def test_an_action_at_the_wrong_time_is_told_so(signed_in, asked_for, action):
    connection = asked_for()
    html = page(signed_in.post(connection.get_absolute_url() + action, follow=True))

    assert 'class="message error"' in html


def test_looking_again_queues_a_look(signed_in, asked_for):
    connection = asked_for()
    connection.claim()
    connection.mark_sent()
    connection.mark_unknown("no answer")
    connection.plan_look(None, 0, "several")
    OrmQ.objects.all().delete()
    signed_in.post(f"{connection.get_absolute_url()}look-again/")

    connection.refresh_from_db()
    assert connection.is_being_looked_up
    assert OrmQ.objects.count() == 1


def test_a_practice_connection_is_left_alone_at_adobe(signed_in, asked_for, flow_service, settings):
    connection = asked_for()
    submitting.submit(connection.pk)
    settings.PRACTICE = False
    html = page(signed_in.get(connection.get_absolute_url()))

    assert f"{connection.get_absolute_url()}test/" not in html
    signed_in.post(f"{connection.get_absolute_url()}test/")
    connection.refresh_from_db()
    assert connection.test_status == ""


@pytest.mark.parametrize("path", ["/", "/connect/", "/connect/mysql/", "/connections/", "/organizations/", "/people/"])
def test_every_page_says_whether_this_is_practice(signed_in, organization, settings, path):
    assert "Practice mode" in page(signed_in.get(path))
    settings.PRACTICE = False
    assert "Practice mode" not in page(signed_in.get(path))


def test_an_unknown_connection_is_not_found(signed_in, organization):
    assert signed_in.get("/connections/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_a_long_story_shows_its_newest_part_and_leads_to_all_of_it(signed_in, asked_for):
    connection = asked_for()
    for number in range(80):
        connection.events.create(kind="looked", message=f"Look number {number:02}.")
    html = page(signed_in.get(connection.get_absolute_url()))

    assert "Look number 79." in html
    assert "Look number 10." not in html
    assert 'href="?events=all' in html
    assert "Look number 10." in page(signed_in.get(f"{connection.get_absolute_url()}?events=all"))


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("1312-400", "The value given for 'auth.params.connectionString' is not valid.", "<dd>Host</dd>"),
        ("2100-404", "There is no sandbox of that name.", "<dd>Sandbox</dd>"),
    ],
)
def test_an_error_says_what_it_is_about(signed_in, asked_for, flow_service, code, message, words):
    status = int(code[-3:])
    fault = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": status, "code": code}
    flow_service.set_faults([fault | {"message": message}])
    connection = asked_for()
    submitting.submit(connection.pk)

    html = page(signed_in.get(connection.get_absolute_url()))
    assert "<dt>About</dt>" in html
    assert words in html
