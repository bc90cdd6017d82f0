"""Room for what happens to connections, for the hash of each event, and for the chain."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import wizard.record.kinds


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0004_lifecycle"),
        ("vault", "0002_mac_key"),
        ("record", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(default=0)),
                ("link", models.CharField(blank=True, max_length=64)),
                ("floor_position", models.BigIntegerField(default=0)),
                ("floor_link", models.CharField(blank=True, max_length=64)),
                ("mac", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField("event", "actor_name", models.CharField(blank=True, max_length=254)),
        migrations.AddField(
            "event",
            "connection",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="connections.baseconnection",
            ),
        ),
        migrations.AddField("event", "link", models.CharField(blank=True, editable=False, max_length=64)),
        migrations.AddField(
            "event",
            "mac",
            models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField("event", "position", models.BigIntegerField(editable=False, null=True, unique=True)),
        # Unique as soon as each has its own.
        migrations.AddField("event", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, null=True)),
        migrations.AlterField(
            "event",
            "at",
            models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterField("event", "kind", models.CharField(choices=wizard.record.kinds.choices, max_length=20)),
        migrations.AddIndex(
            "event",
            models.Index(condition=models.Q(("position", None)), fields=["id"], name="event_unchained"),
        ),
    ]
