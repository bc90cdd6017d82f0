"""A record of some events, and a hand that can write to its table but has no key."""

from wizard.record.head import Head
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.record.verifying import verify


def write(*messages):
    """Events with these messages, chained; gives their keys."""
    keys = [Event.objects.create(kind=Kind.SIGNED_IN, message=message).pk for message in messages]
    Event.objects.chain()
    return keys


def edit(pk, **values):
    Event._base_manager.filter(pk=pk).update(**values)


def remove(*pks):
    rows = Event._base_manager.filter(pk__in=pks)
    rows._raw_delete(rows.db)


def put_in(like, **values):
    """A copy of an event, changed; gives its key."""
    row = Event.objects.get(pk=like)
    row.pk, row.uuid = None, Event._meta.get_field("uuid").get_default()
    for name, value in values.items():
        setattr(row, name, value)
    Event._base_manager.bulk_create([row])
    return Event.objects.latest("pk").pk


def edit_head(**values):
    Head.objects.filter(pk=1).update(**values)


def findings(**expected):
    report = verify(**expected)
    assert report.is_proven == (not report.findings)
    return report.findings
