from django.db import migrations, models


def blank_destinations(apps, _schema_editor):
    """They were hashed with a key of the ring; `manage.py prepare` fills them in again, hashed with a lasting one."""
    apps.get_model("connections", "BaseConnection").objects.exclude(destination="").update(destination="")


class Migration(migrations.Migration):
    dependencies = [("connections", "0005_events_are_in_the_record")]

    operations = [
        migrations.AddField(
            model_name="baseconnection",
            name="is_unreadable",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(blank_destinations, migrations.RunPython.noop),
    ]
