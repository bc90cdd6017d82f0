"""Home says which credentials are refused, to whoever sees the organization, and what each of them can do."""

import pytest
from django.utils import timezone

from tests.people.steps import browser_of
from wizard.organizations.models import Organization


@pytest.fixture
def refused(second):
    Organization.objects.filter(pk=second.pk).update(token_trouble_since=timezone.now(), token_trouble="No <b> luck.")
    return second


def home(browser):
    return browser.get("/").content.decode()


def test_an_admin_is_led_to_the_form(olga, alice, refused):
    for person in (olga, alice):
        html = home(browser_of(person))
        assert "Second: its credentials are refused." in html
        assert "No &lt;b&gt; luck." in html
        assert f'<a href="/organizations/{refused.uuid}/">Put in the present client ID and secret</a>' in html


def test_others_are_told_whom_to_ask(organization, bob, alice):
    Organization.objects.filter(pk=organization.pk).update(token_trouble_since=timezone.now())
    assert "Tell an administrator." in home(browser_of(bob))
    Organization.objects.filter(pk=organization.pk).update(owner=alice)

    html = home(browser_of(bob))
    assert "Tell alice@example.com, who looks after it." in html
    assert "Put in the present" not in html


def test_for_the_one_of_the_environment_the_settings_are_named(signed_in, organization):
    Organization.objects.filter(pk=organization.pk).update(token_trouble_since=timezone.now())

    assert "correct the <code>IMS_*</code> settings" in home(signed_in)


def test_nobody_hears_of_a_foreign_organization_nor_of_one_that_is_closed(bob, charlie, olga, refused):
    for person in (bob, charlie):
        assert "are refused" not in home(browser_of(person))
    Organization.objects.filter(pk=refused.pk).update(is_open=False)

    assert "are refused" not in home(browser_of(olga))
