"""Three machines on one PostgreSQL behind nginx: who signs in on one works on all, and kills change nothing."""

from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from tests.machines.house import AWAY, Machines, running_machines
from tests.machines.run import VICTIMS, Run
from tests.start.running import post_form
from wizard import pages, storing

CREATES = 39
# A page waits for two seconds for the database. The rest is for a machine that is busy with other things.
FAST = 10
TOKEN_PATH = "/ims/token/v3"


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with running_machines(tmp_path_factory.mktemp("machines")) as found:
        yield found


def test_who_signs_in_on_one_machine_works_on_all(machines):
    found = [machine.get("/connections/", host=machines.host, cookies=machines.cookies) for machine in machines.all]
    strangers = [machine.get("/connections/", host=machines.host) for machine in machines.all]

    assert [answer.status_code for answer in found] == [200, 200, 200]
    assert [answer.status_code for answer in strangers] == [302, 302, 302]


def test_who_signs_out_on_one_machine_is_signed_out_on_all(machines):
    browser = machines.visitor()
    fields = {"login": "alice@example.com", "password": "correct horse battery"}
    post_form(browser, f"{machines.nginx.url}/sign-in/", fields)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    before = [machine.get("/", host=machines.host, cookies=cookies).status_code for machine in machines.all]
    post_form(browser, f"{machines.nginx.url}/", {}, f"{machines.nginx.url}/sign-out/")
    after = [machine.get("/", host=machines.host, cookies=cookies).status_code for machine in machines.all]

    assert (before, after) == ([200, 200, 200], [302, 302, 302])


def test_wrong_passwords_are_counted_by_all_machines_together(machines):
    """nginx gives each try to another one."""
    browser, words = machines.visitor(), []
    for _ in range(7):
        fields = {"login": "nobody@example.com", "password": "a guess of somebody's"}
        words.append(post_form(browser, f"{machines.nginx.url}/sign-in/", fields).text)

    assert ["Too many" in text for text in words] == [False] * 5 + [True] * 2


def test_the_proxy_says_from_where_somebody_comes_whatever_they_say_themselves(machines):
    browser = machines.visitor()
    for name in ("X-Forwarded-For", "X_Forwarded_For", "Forwarded"):
        browser.headers[name] = "203.0.113.9"
    browser.headers.update({"X-Forwarded-Proto": "http", "X_Forwarded_Proto": "http"})
    fields = {"login": "alice@example.com", "password": "a guess of somebody's"}
    page = post_form(browser, f"{machines.nginx.url}/sign-in/", fields)
    with psycopg.connect(machines.database) as server:
        found = server.execute("SELECT DISTINCT host(address) FROM record_event WHERE address IS NOT NULL").fetchall()

    assert (page.status_code, page.history) == (200, [])
    assert found == [("127.0.0.1",)]


def test_all_machines_send_with_one_access_token(machines):
    run = Run(machines, 0, 9, victims=())
    run.rage()
    run.settle()
    # Before the count, for which the test gets one of its own.
    tokens = machines.emulator.requests("POST", TOKEN_PATH)

    assert run.report().by_status == {"connected": 9}
    assert len(tokens) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_create_is_made_once_whoever_is_killed(machines, seed):
    run = Run(machines, seed, CREATES)
    run.rage()
    run.settle()
    report = run.report()

    assert report.is_good, report.table()
    assert len(report.rows) == CREATES
    assert report.by_status["connected"] > CREATES // 2, report.table()
    assert report.killed == Counter(VICTIMS)
    assert run.killed_under_load == len(VICTIMS)
    for outage in run.outages:
        assert AWAY in outage.page
        assert outage.fragment == pages.sentence(storing.AWAY)
        assert (outage.statuses, outage.back) == ({503}, {200})
        assert outage.slowest < FAST
        assert outage.page_after == 200
    with machines.all[1].begin("verify_history") as command:
        said, _ = command.communicate(timeout=120)
    assert command.returncode == 0, said
    # The session of before, on each of them.
    after = [machine.get("/", host=machines.host, cookies=machines.cookies).status_code for machine in machines.all]
    assert after == [200, 200, 200]
