import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0003_copy_events")]

    operations = [
        migrations.AlterField("event", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
    ]
