"""A client secret that is typed stands nowhere: not on a page, in the record, a log, a task or an e-mail."""

import logging

import pytest
from django.core import mail
from django_q.models import OrmQ

from tests.canaries import rows_of_all_tables, traces
from wizard.administering import checking, reminding
from wizard.organizations.expiry import today
from wizard.organizations.models import Organization
from wizard.record.models import Event

CANARY = "c4naryClientS3cret"


@pytest.fixture
def lived_through(signed_in, organization, alice, form, settings, caplog):
    """Added, edited, refused by IMS, checked, and about to end: all with that secret."""
    caplog.set_level(logging.DEBUG)
    settings.EMAIL_IS_SET = True
    pages = [signed_in.post("/organizations/new/", form(client_secret=CANARY, name="")).text]
    soon = today().isoformat()
    pages.append(signed_in.post("/organizations/new/", form(client_secret=CANARY, credentials_expire_on=soon)).text)
    made = Organization.objects.get(name="Acme")
    tasks = [str(queued.task) for queued in OrmQ.objects.all()]
    checking.check(made.pk, alice.pk)
    made.refresh_from_db()
    assert made.token_trouble_since
    url = f"/organizations/{made.uuid}/"
    typed = form(
        ims_org_id=made.ims_org_id,
        credentials_expire_on=soon,
        **{"choice.client_secret": "replace", "client_secret": CANARY},
    )
    pages += [signed_in.post(url, {**typed, "scopes": ""}).text, signed_in.post(url, typed).text]
    checking.check(made.pk, alice.pk)
    reminding.queue_due_reminders()
    tasks += [str(queued.task) for queued in OrmQ.objects.all()]
    reminding.remind(made._meta.label_lower, made.pk)
    assert mail.outbox
    pages += [signed_in.get(path).text for path in ("/", "/organizations/", url, f"{url}specs/")]
    return made, pages, tasks


def test_it_is_on_no_page_in_no_task_in_no_mail_and_in_no_log(lived_through, caplog):
    _, pages, tasks = lived_through
    mails = [f"{message.subject}{message.body}" for message in mail.outbox]
    evidence = {"pages": "".join(pages), "tasks": "".join(tasks), "mails": "".join(mails), "log": caplog.text}

    assert traces(evidence, {"client secret": CANARY}) == []


def test_it_is_in_no_column_but_sealed(lived_through):
    made, _, _ = lived_through
    assert made.unseal("client_secret").open() == CANARY
    assert traces(dict(rows_of_all_tables()), {"client secret": CANARY}) == []


def test_the_record_names_fields_and_no_values(lived_through):
    made, _, _ = lived_through
    named = [event.details for event in Event.objects.filter(organization=made, kind__startswith="organization_c")]

    assert {"fields": ["client_secret"]} in named
