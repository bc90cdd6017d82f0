from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="baseconnection",
            name="body_extras",
            field=models.JSONField(default=dict),
        ),
    ]
