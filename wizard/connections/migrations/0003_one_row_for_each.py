from django.db import migrations


def one_row_for_each(apps, _schema_editor):
    """Of rows with one base connection the eldest keeps it: there was no rule against two before."""
    rows = apps.get_model("connections", "BaseConnection").objects
    events = apps.get_model("connections", "ConnectionEvent").objects
    seen = set()
    for row in rows.exclude(base_connection_id="").order_by("pk").only("pk", "organization_id", "base_connection_id"):
        key = (row.organization_id, row.base_connection_id)
        if key in seen:
            rows.filter(pk=row.pk).update(base_connection_id="", etag="", status="failed")
            message = f"Its base connection {row.base_connection_id} belongs to an older record."
            events.create(connection_id=row.pk, kind="failed", message=message)
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [("connections", "0002_body_extras")]

    operations = [migrations.RunPython(one_row_for_each, migrations.RunPython.noop)]
