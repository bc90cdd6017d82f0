from django.db import migrations, models

from wizard.migrating import AddIndexAside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("record", "0005_events_outlive_their_connection")]

    operations = [
        AddIndexAside(
            model_name="event",
            index=models.Index(fields=["outcome", "-id"], name="newest_of_outcome"),
        ),
        AddIndexAside(
            model_name="event",
            index=models.Index(fields=["kind", "-id"], name="newest_of_kind"),
        ),
        AddIndexAside(
            model_name="event",
            index=models.Index(fields=["organization", "-id", "kind", "outcome"], name="newest_event_of_organization"),
        ),
        AddIndexAside(
            model_name="event",
            index=models.Index(
                fields=["organization", "sandbox_name", "-id", "kind", "outcome"], name="newest_event_of_sandbox"
            ),
        ),
        AddIndexAside(
            model_name="event",
            index=models.Index(
                condition=models.Q(("organization", None)), fields=["actor", "-id"], name="newest_of_a_person_alone"
            ),
        ),
    ]
