"""A connection's credentials have an owner, an end, and a last change, on its page and on record."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.conftest import CANARY
from tests.people.steps import browser_of
from wizard.connections.models import BaseConnection
from wizard.organizations.expiry import today
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.work.changing import change


@pytest.fixture
def made(connected):
    return connected("Orders")


@pytest.fixture
def url(made):
    return f"{made.get_absolute_url()}owner/"


def test_owner_and_end_are_set_and_shown(signed_in, alice, bob, made, url):
    page = signed_in.get(made.get_absolute_url()).content.decode()
    assert f'href="{url}"' in page
    answer = browser_of(bob).post(url, {"owner": str(bob.pk), "credentials_expire_on": "2031-05-06"})

    assert answer["Location"] == made.get_absolute_url()
    found = BaseConnection.objects.get()
    assert (found.owner, found.credentials_expire_on) == (bob, date(2031, 5, 6))
    assert found.remind_at.date() == date(2031, 4, 6)
    page = browser_of(bob).get(made.get_absolute_url()).content.decode()
    assert "6 May 2031" in page
    assert "bob@example.com" in page
    event = Event.objects.get(kind=Kind.LOOKED_AFTER)
    assert (event.actor, event.connection, event.details) == (
        *(bob, made),
        {"fields": ["credentials_expire_on", "owner"]},
    )


def test_nothing_different_is_not_on_record(signed_in, url):
    signed_in.post(url, {"owner": "", "credentials_expire_on": ""})

    assert not Event.objects.filter(kind=Kind.LOOKED_AFTER).exists()


@pytest.mark.parametrize(
    ("field", "value"), [("credentials_expire_on", "1-2-3"), ("owner", "0"), ("credentials_expire_on", "9999-12-31")]
)
def test_what_is_wrong_is_said_at_its_field(signed_in, url, field, value):
    answer = signed_in.post(url, {"owner": "", "credentials_expire_on": "", field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_nobody_who_may_not_see_it_becomes_its_owner(bob, charlie, url):
    assert str(charlie) not in browser_of(bob).get(url).content.decode()
    assert browser_of(bob).post(url, {"owner": str(charlie.pk)}).status_code == 422


def test_nothing_else_is_set(signed_in, made, url):
    signed_in.post(url, {"owner": "", "name": "Evil", "status": "deleted", "sandbox_name": "dev", "etag": "x"})

    found = BaseConnection.objects.get()
    assert (found.name, found.status, found.sandbox_name, found.etag) == ("Orders", made.status, "prod", made.etag)


def test_a_stranger_finds_nothing(charlie, olga, url):
    for person in (charlie, olga):
        assert browser_of(person).get(url).status_code == 404
        assert browser_of(person).post(url, {}).status_code == 404


def test_the_last_change_of_its_secrets_is_kept(signed_in, connected, by_key):
    assert by_key.credentials_changed_at > timezone.now() - timedelta(minutes=1)
    before = timezone.now() - timedelta(days=3)
    BaseConnection.objects.update(credentials_changed_at=before)
    edit = f"{by_key.get_absolute_url()}edit/"
    shown = signed_in.get(edit).context["form"]
    typed = {
        "intent": "save",
        "name": "Renamed",
        "description": "",
        "revision": shown.revision,
        "shown.secrets": shown.shown_secrets,
    }
    typed |= {f"auth.params.{name}": shown.auth[name].value() or "" for name in shown.auth.fields}

    assert signed_in.post(edit, typed).status_code == 302
    change(by_key.changes.get().pk)
    by_key.refresh_from_db()
    assert (by_key.name, by_key.credentials_changed_at) == ("Renamed", before)

    typed |= {"revision": by_key.revision, "choice.auth.params.password": "replace", "auth.params.password": CANARY}
    assert signed_in.post(edit, typed).status_code == 302
    change(by_key.changes.last().pk)
    by_key.refresh_from_db()
    assert by_key.credentials_changed_at > before


def test_home_tells_owner_and_admins_what_ends_soon(alice, bob, charlie, olga, made):
    made.expire_on(today() + timedelta(days=5))
    made.save()
    words = "Connection in Local practice / prod"
    assert words in browser_of(alice).get("/").content.decode()
    for person in (bob, charlie, olga):
        assert words not in browser_of(person).get("/").content.decode()
    made.owner = bob
    made.save()

    html = browser_of(bob).get("/").content.decode()
    assert words in html
    assert "5 days left" in html
    assert f'<a href="{made.get_absolute_url()}">' in html


def test_home_tells_of_an_organization_and_leads_its_owner_no_further_than_they_may_go(
    organization, second, alice, bob, olga
):
    for row in (organization, second):
        row.expire_on(today() - timedelta(days=1))
        row.save()
    html = browser_of(olga).get("/").content.decode()
    assert f'<a href="/organizations/{second.uuid}/">Second</a> <span class="by">Organization</span>' in html
    assert "Local practice" not in html.partition("Credentials that end")[2].partition("</section>")[0]

    assert "Credentials that end" not in browser_of(bob).get("/").content.decode()
    organization.owner = bob
    organization.save()
    html = browser_of(bob).get("/").content.decode()
    assert "put it into IMS_CLIENT_SECRET" in html
    assert f"/organizations/{organization.uuid}/" not in html


def test_home_says_nothing_of_what_ends_later(alice, made):
    made.expire_on(today() + timedelta(days=31))
    made.save()

    assert "Credentials that end" not in browser_of(alice).get("/").content.decode()
