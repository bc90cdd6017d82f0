"""Before there were roles, everybody could connect; whoever has an account keeps that."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CONNECTOR = 2


def give_roles(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    people = apps.get_model("people", "User").objects.filter(is_admin=False)
    organizations = list(apps.get_model("organizations", "Organization").objects.all())
    grant = apps.get_model("access", "Grant")
    for person in people.iterator():
        for organization in organizations:
            grant.objects.get_or_create(person=person, organization=organization, sandbox_name="", role=CONNECTOR)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("people", "0002_closed_accounts")]
    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop)]
