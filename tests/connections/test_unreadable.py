"""One row that does not open says so, is mended by typing its secrets again, and breaks nothing else."""

import pytest

from tests.changing.steps import edited, elsewhere, send
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus
from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization
from wizard.values.client import client_of
from wizard.vault.secret import Secret
from wizard.work import submitting, taking_over, testing

WORDS = "needs its password again"
PASSWORD = "auth.params.password"
NONSENSE = b"\x02" + 60 * b"x"


@pytest.fixture
def broken(by_key):
    """Its password does not open any more; nobody knows yet."""
    BaseConnection.objects.filter(pk=by_key.pk).update(auth_params=NONSENSE)
    by_key.refresh_from_db()
    return by_key


def shown(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def meet(connection):
    """Somebody finds out that it does not open."""
    assert connection.opened("auth_params") == Secret({})
    connection.refresh_from_db()
    assert connection.is_unreadable


def test_its_page_the_history_and_home_say_so(signed_in, broken, asked_for):
    asked_for("Whole")
    url = broken.get_absolute_url()
    assert WORDS not in shown(signed_in, url).lower()
    meet(broken)

    assert "It needs its password again" in shown(signed_in, url)
    assert shown(signed_in, "/connections/").count("Needs its password again</span>") == 1
    assert "Whole" not in shown(signed_in, "/connections/?status=unreadable")
    assert broken.name in shown(signed_in, "/connections/?status=unreadable")
    assert "Whole" not in shown(signed_in, "/connections/?status=attention")
    assert shown(signed_in, "/").count("Needs its password again</span>") == 1


def test_an_edit_asks_for_all_secrets_and_mends_it(signed_in, broken):
    meet(broken)
    url = f"{broken.get_absolute_url()}edit/"
    html = shown(signed_in, url)
    assert "The stored secrets cannot be read any more" in html
    assert f'name="choice.{PASSWORD}" value="replace" checked' in html

    typed = edited(broken, **{f"choice.{PASSWORD}": "replace", PASSWORD: "new-pw"})
    assert signed_in.post(url, typed).status_code == 302
    assert send(Change.objects.get()).status == ChangeStatus.DONE
    broken.refresh_from_db()
    assert broken.unseal("auth_params").open()["password"] == "new-pw"
    assert not broken.is_unreadable
    assert WORDS not in shown(signed_in, broken.get_absolute_url()).lower()


def test_a_failed_one_is_mended_by_trying_again(signed_in, asked_for, filled):
    connection = asked_for()
    BaseConnection.objects.filter(pk=connection.pk).update(auth_params=NONSENSE)
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, connection.is_unreadable) == ("failed", True)
    assert "Open “Try again”" in shown(signed_in, connection.get_absolute_url())

    again = f"/connect/postgres/?again={connection.uuid}"
    assert signed_in.post(again, filled()).status_code == 302
    connection.refresh_from_db()
    assert (connection.status, connection.is_unreadable) == ("waiting", False)
    assert connection.unseal("auth_params").open()


def test_a_test_of_it_says_what_to_do(signed_in, broken):
    signed_in.post(f"{broken.get_absolute_url()}test/")
    testing.run_test(broken.pk)
    html = shown(signed_in, broken.get_absolute_url())
    assert "type the secrets again" in html
    assert "It needs its password again" in html


def test_what_others_change_at_adobe_leaves_the_unreadable_as_it_is(broken, flow_service):
    """The key may come back: then all of it opens."""
    kept = bytes(broken.auth_params), bytes(broken.form_values), broken.destination
    elsewhere(flow_service, broken, [{"op": "replace", "path": "/auth/params/server", "value": "db2.example.com"}])
    with client_of(broken) as client:
        assert taking_over.take_over(broken, client.get_connection(broken.base_connection_id))

    broken.refresh_from_db()
    assert (bytes(broken.auth_params), bytes(broken.form_values), broken.destination) == kept
    assert broken.is_unreadable
    assert broken.changes.get().labels == ["Host"]


def test_a_deleted_one_needs_nothing(signed_in, broken):
    meet(broken)
    broken.mark_deleted("gone")
    assert WORDS not in shown(signed_in, broken.get_absolute_url()).lower()
    assert not BaseConnection.objects.get().is_unreadable


def test_a_flag_for_values_that_were_sealed_meanwhile_is_not_kept(broken):
    stale = BaseConnection.objects.get(pk=broken.pk)
    broken.seal("auth_params", {"password": "new"})
    broken.save()
    assert stale.opened("auth_params") == Secret({})

    broken.refresh_from_db()
    assert not broken.is_unreadable


def test_the_environments_credential_is_sealed_anew_where_it_does_not_open(organization, flow_service):
    Organization.objects.update(client_secret=NONSENSE)
    assert ensure_first_organization().unseal("client_secret").open() == flow_service.client_secret
