"""Saved views: filters under a name, one's own alone, and never trusted."""

import threading

import pytest
from django.db import connection as database
from django.test import Client

from wizard.tables.models import SavedView

PAGES = [("/activity/", "kind=tests"), ("/connections/", "status=failed")]


def save(client, url, query, name="Mine"):
    return client.post(f"{url}views/", {"name": name, "query": query})


@pytest.mark.parametrize(("url", "query"), PAGES)
def test_a_view_is_saved_and_leads_to_its_filters(signed_in, organization, url, query):
    answer = save(signed_in, url, query)

    assert (answer.status_code, answer["Location"]) == (302, f"{url}?{query}")
    html = signed_in.get(url).content.decode()
    assert f'href="{url}?{query}"' in html
    assert "Mine" in html
    assert 'aria-current="true"' in signed_in.get(f"{url}?{query}").content.decode().split('class="views"')[1]


def test_only_filters_that_the_page_knows_are_kept(signed_in, organization):
    save(signed_in, "/activity/", "kind=tests&before=7&next=//evil.example&outcome=nonsense&since=x&person=bob&q=")

    assert SavedView.objects.get().query == "kind=tests&person=bob"


def test_a_view_on_one_page_is_none_on_the_other(signed_in, organization):
    save(signed_in, "/activity/", "kind=tests", "Only tests")

    assert "Only tests" not in signed_in.get("/connections/").content.decode()


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", "kind=tests", "This field is required."),
        ("  ", "kind=tests", "This field is required."),
        ("x" * 61, "kind=tests", "at most 60 characters"),
        ("Mine", "", "Choose a filter first"),
        ("Mine", "kind=nonsense", "Choose a filter first"),
        ("Taken", "kind=tests", "You have a view of this name here already."),
        ("Mine", "q=" + "%F0%9F%98%80" * 200, "too long to be saved"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field(signed_in, organization, name, query, words):
    save(signed_in, "/activity/", "kind=looks", "Taken")
    answer = save(signed_in, "/activity/", query, name)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert SavedView.objects.count() == 1


def test_thirty_are_enough_for_one_page(signed_in, organization):
    for number in range(30):
        assert save(signed_in, "/activity/", "kind=tests", f"View {number}").status_code == 302
    answer = save(signed_in, "/activity/", "kind=tests", "One more")

    assert answer.status_code == 422
    assert "You have 30 saved views here" in answer.content.decode()
    assert save(signed_in, "/connections/", "status=failed", "One more").status_code == 302


def test_a_view_of_somebody_else_is_not_there(client, organization, alice, bob):
    client.force_login(alice)
    save(client, "/activity/", "kind=tests", "Alices own")
    view = SavedView.objects.get()
    client.force_login(bob)

    assert "Alices own" not in client.get("/activity/").content.decode()
    assert client.post(f"/views/{view.uuid}/remove/").status_code == 404
    assert SavedView.objects.count() == 1
    # The same name is free for bob.
    assert save(client, "/activity/", "kind=tests", "Alices own").status_code == 302


def test_a_view_is_removed_by_its_person_and_only_by_a_post(signed_in, organization):
    save(signed_in, "/connections/", "status=failed")
    url = f"/views/{SavedView.objects.get().uuid}/remove/"
    assert signed_in.get(url).status_code == 405
    answer = signed_in.post(url, follow=True)

    assert answer.redirect_chain == [("/connections/", 302)]
    assert "is removed" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_stored_query_is_read_as_any_other(signed_in, organization, alice):
    query = "kind=%22><script>&q=%00&before=x&connection=1"
    SavedView.objects.create(person=alice, page="activity", name="<b>Odd</b>", query=query)
    html = signed_in.get("/activity/").content.decode()

    assert "<b>Odd" not in html
    assert "<script>&" not in html
    assert signed_in.get(f"/activity/?{query}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_together_neither_is_one_too_many(organization, alice, monkeypatch):
    monkeypatch.setattr("wizard.tables.saving.MOST", 1)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(alice)
    answers = []

    def save_one(number):
        answers.append(save(clients[number], "/activity/", "kind=tests", f"View {number}").status_code)
        database.close()

    threads = [threading.Thread(target=save_one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 422]
    assert SavedView.objects.count() == 1
