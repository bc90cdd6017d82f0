from django.conf import settings
from django.db import migrations, models

from wizard.migrating import AddIndexAside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("connections", "0011_answer_ids"),
        ("organizations", "0004_plural_of_sandbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(fields=["status", "-id"], name="newest_of_status"),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(fields=["source", "status", "-id"], name="newest_of_source_status"),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(fields=["organization", "-id", "status", "source"], name="newest_of_organization"),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(
                fields=["organization", "sandbox_name", "-id", "status", "source"], name="newest_of_sandbox"
            ),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(condition=models.Q(("finding", ""), _negated=True), fields=["-id"], name="newest_found"),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(condition=models.Q(("is_unreadable", True)), fields=["-id"], name="newest_unreadable"),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(
                condition=models.Q(("status", "approval")), fields=["asked_by"], name="asks_of_a_person"
            ),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(
                condition=models.Q(("credentials_expire_on__isnull", False)),
                fields=["credentials_expire_on"],
                name="ending",
            ),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(
                condition=models.Q(("finding", ""), _negated=True),
                fields=["organization", "sandbox_name", "-id"],
                name="newest_found_in_sandbox",
            ),
        ),
        AddIndexAside(
            model_name="baseconnection",
            index=models.Index(
                condition=models.Q(("is_unreadable", True)),
                fields=["organization", "sandbox_name", "-id"],
                name="newest_unreadable_in_sandbox",
            ),
        ),
    ]
