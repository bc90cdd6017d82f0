from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("connections", "0004_lifecycle"), ("record", "0003_copy_events")]

    operations = [migrations.DeleteModel(name="ConnectionEvent")]
