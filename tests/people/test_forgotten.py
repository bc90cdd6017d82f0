"""A forgotten password: a link by mail where mail is set up, and otherwise a sentence; mails about changes."""

import logging
import re
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django_q.models import OrmQ

from tests.people.steps import PASSWORD, confirm, set_up_app, sign_in, who
from wizard import settings as product
from wizard.people import forgotten
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import LinkFilter

NEW = "another horse battery"


@pytest.fixture
def mails(settings: Any) -> list[Any]:
    settings.EMAIL_IS_SET = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.DEFAULT_FROM_EMAIL = "wizard@example.com"
    return mail.outbox


def post(client: Client, email: str = "alice@example.com") -> Any:
    return client.post("/sign-in/forgotten/", {"email": email})


def ask(client: Client, email: str = "alice@example.com") -> Any:
    """And the worker does what that has queued."""
    answer = post(client, email)
    for queued in OrmQ.objects.order_by("pk"):
        forgotten.send_reset_link(*queued.task["args"])
        queued.delete()
    return answer


def link(mails: list[Any]) -> str:
    found = re.search(r"http://127.0.0.1:8000(/sign-in/new-password/\S+)", mails[-1].body)
    assert found
    return found[1]


def set_password(client: Client, path: str, password: str = NEW) -> Any:
    form = client.get(path, follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_a_link_leads_to_a_new_password_once(client: Client, alice: User, mails: list[Any]) -> None:
    before = Client()
    sign_in(before)
    assert ask(client, "Alice@Example.com")["Location"] == "/sign-in/forgotten/sent/"
    assert (mails[0].to, mails[0].from_email) == (["alice@example.com"], "wizard@example.com")
    assert mails[0].subject == "Connection Wizard: a new password"
    path = link(mails)
    assert set_password(client, path)["Location"] == "/sign-in/new-password/done/"
    assert who(client).is_anonymous
    assert before.get("/account/").status_code == 302
    assert sign_in(Client(), password=NEW)["Location"] == "/"
    assert "no longer valid" in Client().get(path, follow=True).text
    assert Event.objects.get(kind=Kind.PASSWORD_CHANGED).actor == alice


def test_the_second_step_still_stands(signed_in: Client, mails: list[Any]) -> None:
    set_up_app(signed_in)
    other = Client()
    ask(other)
    set_password(other, link(mails))
    assert sign_in(other, password=NEW)["Location"] == "/sign-in/second-step/"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client, alice: User, mails: list[Any]) -> None:
    known, unknown = ask(client), ask(client, "nobody@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mails) == 1


def test_the_same_work_is_queued_whoever_is_asked_for_and_no_mail_goes_out_meanwhile(
    client: Client, alice: User, mails: list[Any]
) -> None:
    """How long the answer takes would tell who has an account."""
    post(client)
    post(client, "nobody@example.com")
    known, unknown = (queued.task for queued in OrmQ.objects.order_by("pk"))
    assert known["func"] == unknown["func"] == "wizard.people.forgotten.send_reset_link"
    assert (known["args"], unknown["args"]) == ((alice.pk,), (0,))
    assert mails == []


def test_the_link_leads_to_the_host_of_the_settings(
    client: Client, alice: User, mails: list[Any], settings: Any
) -> None:
    settings.IS_LOCAL, settings.ALLOWED_HOSTS = False, ["wizard.example.com", "testserver"]
    ask(client)
    assert "https://wizard.example.com/sign-in/new-password/" in mails[0].body
    assert "testserver" not in mails[0].body


def test_a_closed_account_gets_the_same_answer_and_no_mail(client: Client, alice: User, mails: list[Any]) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert ask(client)["Location"] == "/sign-in/forgotten/sent/"
    assert mails == []


def test_a_link_of_before_opens_no_closed_account(client: Client, alice: User, mails: list[Any]) -> None:
    ask(client)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    set_password(client, link(mails))
    sign_in(client, password=NEW)
    assert who(client).is_anonymous


def test_a_weak_password_is_refused(client: Client, alice: User, mails: list[Any]) -> None:
    ask(client)
    assert "too short" in set_password(client, link(mails), "short").text
    assert sign_in(Client())["Location"] == "/"


def test_links_are_few_an_hour(client: Client, alice: User, mails: list[Any]) -> None:
    assert [ask(client).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert len(mails) == 3


def test_the_key_leaves_the_address_of_the_page(client: Client, alice: User, mails: list[Any]) -> None:
    ask(client)
    path = link(mails)
    assert client.get(path)["Location"].endswith("-set-password/")
    key = path.rstrip("/").partition("-")[2].partition("-")[2]
    assert key not in client.get(path, follow=True).text


def test_a_link_made_for_another_host_is_none(alice: User, mails: list[Any]) -> None:
    assert (
        Client(headers={"host": "evil.example"}).post("/sign-in/forgotten/", {"email": alice.email}).status_code == 400
    )
    assert mails == []


def test_a_link_stands_in_no_log_line(alice: User, mails: list[Any]) -> None:
    ask(Client())
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Forbidden: %s", (link(mails),), None)
    LinkFilter().filter(record)
    assert record.getMessage() == "Forbidden: /sign-in/new-password/[hidden]/"


def test_a_mail_server_that_is_away_changes_no_answer(
    client: Client, alice: User, mails: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any) -> None:
        raise SMTPException("550 alice@example.com is not welcome")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert ask(client)["Location"] == "/sign-in/forgotten/sent/"
    assert "could not be sent: SMTPException" in caplog.text
    assert "alice" not in caplog.text


def test_without_mail_it_says_whom_to_ask(client: Client, alice: User) -> None:
    page = client.get("/sign-in/forgotten/").text
    assert "Ask an administrator" in page
    assert 'name="email"' not in page
    assert ask(client).status_code == 403
    assert mail.outbox == []


def test_without_mail_nothing_is_sent_and_nothing_stands_in_a_log() -> None:
    """The product itself; the tests run with none set up."""
    assert not product.EMAIL_IS_SET
    assert product.EMAIL_BACKEND == "django.core.mail.backends.dummy.EmailBackend"


@pytest.mark.django_db(transaction=True)
def test_a_person_is_told_of_every_change(signed_in: Client, mails: list[Any]) -> None:
    set_up_app(signed_in)
    confirm(signed_in)
    signed_in.post("/account/two-step/recovery-codes/new/")
    signed_in.post("/account/two-step/app/remove/")
    signed_in.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert [message.subject.removeprefix("Connection Wizard: ") for message in mails] == [
        "an authenticator app was set up",
        "new recovery codes",
        "your authenticator app was removed",
        "your password was changed",
    ]
    assert {message.to[0] for message in mails} == {"alice@example.com"}
    assert all("from 127.0.0.1" in message.body for message in mails)
    assert not [message for message in mails if NEW in message.body]


def test_without_mail_changes_are_made_all_the_same(signed_in: Client) -> None:
    set_up_app(signed_in)
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_person_is_told_when_an_administrator_removes_their_second_steps(
    signed_in: Client, alice: User, mails: list[Any]
) -> None:
    set_up_app(signed_in)
    mails.clear()
    other = User.objects.create_user("heidi@example.com", PASSWORD, is_admin=True)
    by_other = Client()
    by_other.force_login(other)
    by_other.post(f"/people/{alice.pk}/second-steps/remove/")
    by_other.post(f"/people/{alice.pk}/second-steps/remove/")
    (message,) = mails
    assert message.to == [alice.email]
    assert "removed by heidi@example.com" in message.body
