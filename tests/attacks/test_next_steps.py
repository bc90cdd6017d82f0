"""Next steps, and what was made of them: names of a source and words of Adobe's are texts, and nothing else."""

import pytest

from tests.attacks.test_foreign_texts import HOSTILE, MARK, assert_harmless
from tests.dataflows.steps import dataflow_asked, source_asked
from wizard.dataflows.models import ObjectType, Resource, ResourceStatus, Selection

STANDING = (
    {"status": ResourceStatus.MADE, "remote_id": "x-1", "etag": "<b>"},
    {"status": ResourceStatus.FAILED},
    {"status": ResourceStatus.UNKNOWN, "due_at": None},
    {"status": ResourceStatus.WAITING},
)


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def text(request):
    return request.param


@pytest.fixture
def paths(connected, alice, text):
    """The pages of a connection whose tables, columns and resources all say that text."""
    connection = connected()
    columns = [{"name": f"{text}{number}", "type": text, "xdm": {text: text}} for number in range(2)]
    values = {"object_type": ObjectType.TABLE, "path": text, "columns": columns, "options": {text: text}}
    selection = Selection.objects.choose(connection, alice, **values)
    flow = dataflow_asked(source_asked(connection, alice, selection=selection), alice)
    candidate = dict.fromkeys(("id", "etag", "name", "description", "state", "created_by", "created_at"), text)
    said = {"name": text[:255], "description": text, "error_message": text, "error_code": text[:100]}
    said |= {"error_kind": "Refused", "due_reason": text[:300], "candidates": [candidate, candidate]}
    rows = [*flow.needs, flow]
    for row, standing in zip(rows, STANDING, strict=True):
        Resource.objects.filter(pk=row.pk).update(**said | standing)
    steps = f"{connection.get_absolute_url()}next-steps/"
    asked = [f"{steps}?as={name}" for name in ("curl", "python", "postman")]
    return [*asked, *(f"{connection.get_absolute_url()}made/{row.uuid}/" for row in rows)]


def test_whatever_they_are_called_no_page_is_harmed(signed_in, paths, text, settings):
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = signed_in.get(path, headers=headers)
            assert answer.status_code == 200, path
            assert MARK in answer.text
            assert_harmless(answer.text, path, settings.SECRET_KEY)


def test_what_is_typed_into_the_form_is_not_written_into_a_page_or_an_address(signed_in, connected, text, settings):
    address = f"{connected().get_absolute_url()}next-steps/"
    names = ("name", "description", "dataset_id", "schema_id", "schema_prefix", "start_at", "seen", "selection", "as")
    typed = {**dict.fromkeys(names, text), "frequency": text, "submission_id": text}
    for intent in ("dataflow", "source", "target", text):
        answer = signed_in.post(address, {**typed, "intent": intent})
        assert_harmless(answer.text, intent, settings.SECRET_KEY)
        assert answer.status_code == 422 or answer["Location"].startswith(f"{address}?")
    redrawn = signed_in.get(address, typed, headers={"HX-Request": "true"})
    assert_harmless(redrawn.text, "redrawn", settings.SECRET_KEY)
    assert redrawn["HX-Replace-Url"].startswith(f"{address}?")
    assert not Resource.objects.exists()
