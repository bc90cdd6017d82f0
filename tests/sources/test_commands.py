"""manage.py sync_specs and check_specs: what they print, and the exit codes that a weekly job goes by."""

import pytest
from django.core.management import CommandError, call_command

from tests.catalog.specs import ID, live_spec
from tests.emulator.service import POSTGRES
from tests.sources.test_pages import planted
from wizard.organizations.models import Organization
from wizard.sources.models import LiveSpec, SpecSync


def code_of(*arguments, **options):
    with pytest.raises(SystemExit) as ended:
        call_command("check_specs", *arguments, **options)
    return ended.value.code


def test_sync_specs_reads_every_organization_and_counts(organization, flow_service, capsys):
    flow_service.set_specs([live_spec(), live_spec(spec_id=ID.replace("1", "2"), attributes={})])
    call_command("sync_specs")

    number = LiveSpec.objects.count()
    assert f"Local practice: sources kept: {number}, destinations left out: 1." in capsys.readouterr().out


def test_sync_specs_fails_where_one_could_not_be_read(organization, capsys):
    stranger = Organization.objects.create(name="Stranger", ims_org_id="F@AdobeOrg", is_practice=True)
    with pytest.raises(CommandError, match=r"Not read: Stranger\."):
        call_command("sync_specs")

    assert "Stranger: " in capsys.readouterr().err
    assert SpecSync.objects.get(organization=stranger).error
    assert organization.live_specs.exists()


def test_sync_specs_reads_one_organization_alone(organization):
    Organization.objects.create(name="Stranger", ims_org_id="F@AdobeOrg", is_practice=True)
    call_command("sync_specs", organization=organization.ims_org_id)

    assert SpecSync.objects.get().organization == organization


def test_sync_specs_says_when_another_process_is_at_it(organization, capsys):
    SpecSync.objects.create(organization=organization).start()
    with pytest.raises(CommandError):
        call_command("sync_specs")

    assert "another process" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sync_specs", "check_specs"])
def test_an_organization_that_is_none_is_an_error(organization, command):
    with pytest.raises(CommandError, match="no such organization"):
        call_command(command, organization="nobody@AdobeOrg")


def test_check_specs_ends_with_two_where_the_catalog_was_never_read(organization, capsys):
    assert code_of() == 2
    assert "never read" in capsys.readouterr().err


def test_check_specs_is_content_where_nothing_differs(organization, read, capsys):
    read()
    call_command("check_specs", strict=True)

    assert "differences: 0." in capsys.readouterr().out


def test_check_specs_ends_with_one_and_prints_each_difference(organization, read, capsys):
    read(planted())

    assert code_of() == 1
    printed = capsys.readouterr().out
    assert "the whole source: version: ours 1.0, live 1.1" in printed
    assert "port: type: ours string, live integer" in printed
    assert "server: secret: ours no, live yes" in printed
    assert "Certificate: authentication type: ours missing, live no fields" in printed


def test_check_specs_minds_what_one_side_lacks_only_when_it_is_strict(organization, read, capsys):
    read(live_spec(), 7)
    LiveSpec.objects.filter(spec_id=POSTGRES).delete()
    call_command("check_specs")
    printed = capsys.readouterr().out

    assert f"Only in the catalog: 1\n  Acme Warehouse ({ID})" in printed
    assert f"Only in our files: 1\n  PostgreSQL ({POSTGRES})" in printed
    assert "Broken in the catalog: 1\n  Unnamed source: It is not a JSON object." in printed
    assert code_of(strict=True) == 1


def test_check_specs_takes_the_worst_of_several(organization, read):
    read(planted())
    Organization.objects.create(name="Stranger", ims_org_id="F@AdobeOrg", is_practice=True)

    assert code_of() == 2
    assert code_of(organization=organization.ims_org_id) == 1
