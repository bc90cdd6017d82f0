"""Error answers: three shapes, any status, and whatever else a server on the way may say."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import responses

from wizard.flow_service import FlowService, FlowServiceError, NoAnswer, Refused, Unavailable

URL = "https://platform.adobe.io/data/foundation/flowservice/connections"
FLOW = {
    "type": "https://ns.adobe.com/aep/errors/FLOW-1439-404",
    "title": "Resource not found",
    "status": 404,
    "report": {"detailed-message": "The flow is not found.", "id": "1", "request-id": "their-id", "type": "flows"},
    "errorMessage": "second best",
    "errorDetails": "more",
}
PROBLEM = {
    "type": "/placeholder/type/uri",
    "status": 400,
    "title": "BadRequestError",
    "detail": "A valid content-type must be specified",
}


@pytest.fixture
def refuse(client: Callable[..., FlowService]) -> Iterator[Callable[..., FlowServiceError]]:
    """refuse(status=..., json=...): the error that a create ends in when it is answered like this."""
    with responses.RequestsMock() as adobe:

        def create(**answer: Any) -> FlowServiceError:
            adobe.post(URL, **answer)
            with pytest.raises(FlowServiceError) as caught:
                client("https://platform.adobe.io").create_connection({})
            assert len(adobe.calls) == 1
            return caught.value

        yield create


def test_it_reads_the_flow_services_own_shape(refuse: Callable[..., FlowServiceError]) -> None:
    error = refuse(status=404, json=FLOW)
    assert type(error) is Refused
    assert (error.status, error.code, error.message) == (404, "1439-404", "The flow is not found.")
    assert error.request_id == "their-id"
    assert str(error) == "HTTP 404, 1439-404, The flow is not found. (request their-id)"


@pytest.mark.parametrize("prefix", ["FLOW-", "", "CONN-", "https://other.example/errors#X-", "http://ns/EXEG-"])
def test_the_code_is_the_tail_of_the_type(refuse: Callable[..., FlowServiceError], prefix: str) -> None:
    assert refuse(status=400, json={"type": f"{prefix}1415-400"}).code == "1415-400"


def test_it_reads_the_gateways_shape(refuse: Callable[..., FlowServiceError]) -> None:
    error = refuse(status=403, json={"error_code": "403010", "message": "Oauth token is missing."})
    assert (type(error), error.code, error.message) == (Refused, "403010", "Oauth token is missing.")


def test_it_reads_problem_details(refuse: Callable[..., FlowServiceError]) -> None:
    error = refuse(status=400, json=PROBLEM, headers={"x-request-id": "from-the-header"})
    assert (error.code, error.message) == ("", "A valid content-type must be specified")
    assert error.request_id == "from-the-header"


def test_the_words_are_looked_for_in_order(refuse: Callable[..., FlowServiceError]) -> None:
    body = {"report": {"detailed-message": " "}, "errorMessage": None, "detail": ["x"], "message": "this", "title": "t"}
    assert refuse(status=400, json=body).message == "this"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_busy_and_broken_services_are_unavailable(refuse: Callable[..., FlowServiceError], status: int) -> None:
    error = refuse(status=status, json=FLOW)
    assert isinstance(error, Unavailable)
    assert (error.status, error.code, error.retry_after) == (status, "1439-404", None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304, 600, 999])
def test_an_answer_that_is_neither_yes_nor_no_is_no_answer(
    refuse: Callable[..., FlowServiceError], status: int
) -> None:
    error = refuse(status=status, headers={"Location": "https://evil.example/"})
    assert (type(error), error.status) == (NoAnswer, status)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><h1>Blocked by proxy</h1></html>", b"[1]", b'"words"', b"\xff\xfe\x00", b"[" * 100_000, b"9" * 9999],
)
def test_a_body_of_no_known_shape_gives_the_status_alone(refuse: Callable[..., FlowServiceError], body: bytes) -> None:
    error = refuse(status=403, body=body)
    assert (error.status, error.code, error.message) == (403, "", "")
    assert str(error).startswith("HTTP 403, The request was refused.")


def test_fields_of_a_wrong_type_are_left_out(refuse: Callable[..., FlowServiceError]) -> None:
    body = {"type": 7, "report": "x", "error_code": {"a": 1}, "error": "no spaces allowed", "message": 7, "title": []}
    error = refuse(status=400, json=body)
    assert (error.code, error.message) == ("", "")


def test_a_message_is_one_clean_line_of_bounded_length(refuse: Callable[..., FlowServiceError]) -> None:
    error = refuse(status=400, json={"message": "a\r\n\x00\x1b[31mb\u202e\ud800\tc" + "x" * 9000})
    assert error.message.startswith("a [31mb cx")
    assert len(error.message) == 2000
    error.message.encode()


@pytest.mark.parametrize("request_id", ["x" * 129, "a b", "a\n", 7, ""])
def test_a_request_id_that_is_none_is_replaced_by_ours(
    refuse: Callable[..., FlowServiceError], request_id: object
) -> None:
    assert len(refuse(status=400, json={"report": {"request-id": request_id}}).request_id) == 36


def retry_after(refuse: Callable[..., FlowServiceError], value: str) -> float | None:
    error = refuse(status=429, headers={"Retry-After": value})
    assert isinstance(error, Unavailable)
    return error.retry_after


@pytest.mark.parametrize(("value", "seconds"), [("7", 7), (" 0 ", 0), ("86400", 600), ("9" * 4000, 600)])
def test_it_reads_when_to_ask_again_in_seconds(
    refuse: Callable[..., FlowServiceError], value: str, seconds: float
) -> None:
    assert retry_after(refuse, value) == seconds


@pytest.mark.parametrize(("ahead", "least", "most"), [(60, 50, 60), (-60, 0, 0), (10**6, 600, 600)])
def test_it_reads_when_to_ask_again_as_a_date(
    refuse: Callable[..., FlowServiceError], ahead: int, least: float, most: float
) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=ahead)
    seconds = retry_after(refuse, format_datetime(moment, usegmt=True))
    assert seconds is not None
    assert least <= seconds <= most


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "9" * 5000, "Mon, 99 Foo 99999999 99:99:99 GMT"])
def test_nonsense_about_when_to_ask_again_is_ignored(refuse: Callable[..., FlowServiceError], value: str) -> None:
    assert retry_after(refuse, value) is None
