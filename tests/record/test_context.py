"""From where what is done comes: the request that is answered, or the one by which it was asked for."""

import re

from wizard.record.context import Origin, answering, caused_by, last_call_id, new_call_id, origin

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_calls_of_a_request_begin_with_its_id_and_each_has_its_own():
    before = last_call_id()
    with answering("192.0.2.7") as request_id:
        assert last_call_id() == ""
        ids = {new_call_id() for _ in range(5)}
        assert last_call_id() in ids
    assert len(ids) > 1
    assert all(re.fullmatch(rf"{request_id}-[0-9a-f]{{4}}", call_id) for call_id in ids)
    assert (origin(), last_call_id()) == (Origin(), before)


def test_what_a_worker_does_has_its_cause_and_no_address():
    with caused_by("the-request"):
        assert origin() == Origin(None, "", "the-request")
        assert new_call_id().startswith("the-request-")
    with caused_by(""):
        assert UUID.fullmatch(new_call_id()), "nobody has asked for it"
