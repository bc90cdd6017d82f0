import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpecSync",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("error", models.CharField(blank=True, max_length=2100)),
                ("number_of_specs", models.PositiveIntegerField(default=0)),
                ("number_left_out", models.PositiveIntegerField(default=0)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spec_sync",
                        to="organizations.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LiveSpec",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spec_id", models.CharField(max_length=100)),
                ("document", models.TextField()),
                ("label", models.CharField(max_length=100)),
                ("category", models.CharField(max_length=100)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="live_specs",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "ordering": ("label", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "spec_id"), name="spec_once_in_organization")
                ],
            },
        ),
    ]
