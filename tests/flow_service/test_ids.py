"""The id of a call: ours goes along, and another one of theirs is noted beside it."""

from typing import Any

import pytest
import responses

from wizard.flow_service.http import Exchange, Session, call

URL = "http://127.0.0.1:9/connections"


@responses.activate
@pytest.mark.parametrize(
    ("theirs", "noted"), [("theirs", "theirs"), ("ours", ""), (None, ""), ("x" * 129, ""), ("a b", "")]
)
def test_the_id_that_the_answer_has_instead_is_noted(theirs: str | None, noted: str) -> None:
    found: list[Exchange] = []
    responses.get(URL, json={}, headers={"x-request-id": theirs} if theirs else {})
    named: dict[str, Any] = {"headers": {}, "timeout": 5, "read": lambda body: body}
    with Session() as session:
        call(session, "GET", URL, **named, note=found.append, new_id=lambda: "ours")
    assert responses.calls[0].request.headers["x-request-id"] == "ours"
    assert [(exchange.request_id, exchange.answer_id) for exchange in found] == [("ours", noted)]
