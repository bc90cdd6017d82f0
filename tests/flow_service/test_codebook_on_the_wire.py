"""Every code arrives whole from the local Flow Service, and finds its own explanation."""

from collections.abc import Iterator

import pytest

from tests.emulator.running import Emulator, running_emulator
from tests.flow_service.codebook import CODES, GROUPS
from wizard.flow_service import FlowService
from wizard.flow_service.errors import FlowServiceError, NotSent, Refused, Unavailable
from wizard.flow_service.explanations import Explanation, explain
from wizard.flow_service.ims import fetch_token

WORDS = "Adobe's own words about {}."
# The gateway's codes begin with their status, the others end with it.
STATUSES = {code: int(code[:3]) for code in GROUPS["gateway"]}
STATUSES |= {code: int(code[-3:]) for code in CODES if code[4:5] == "-"}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Answers the look-up of a connection with the error whose code is the connection's id."""
    with running_emulator(tmp_path_factory.mktemp("emulator")) as started:
        started.set_faults(
            [
                {
                    "kind": "status",
                    "match": {"method": "GET", "path": f"/connections/{code}"},
                    "status": status,
                    "code": code,
                    "message": WORDS.format(code),
                }
                for code, status in STATUSES.items()
            ]
        )
        yield started


@pytest.fixture(scope="module")
def adobe(emulator: Emulator) -> Iterator[FlowService]:
    with FlowService(
        emulator.flow_service_url,
        ims_org_id=emulator.org,
        client_id=emulator.client_id,
        sandbox_name=emulator.sandbox,
        token=lambda _: emulator.token,
        timeout=10,
    ) as client:
        yield client


@pytest.mark.parametrize("code", STATUSES)
def test_a_code_arrives_with_all_that_belongs_to_it_and_is_explained(
    emulator: Emulator, adobe: FlowService, code: str
) -> None:
    emulator.clear_requests()
    with pytest.raises(FlowServiceError) as raised:
        adobe.get_connection(code)
    error, status = raised.value, STATUSES[code]

    assert type(error) is (Unavailable if status == 429 or status >= 500 else Refused)
    assert (error.status, error.code, error.message) == (status, code, WORDS.format(code))
    assert error.request_id == emulator.requests()[-1]["request_id"]
    found = explain(code=error.code, status=error.status, error=type(error).__name__)
    assert found == Explanation(**CODES[code])


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("invalid_client", {"client_secret": "not the secret"}),
        ("invalid_request", {"scopes": ""}),
    ],
)
def test_what_the_sign_in_service_says_arrives_as_not_sent_and_is_explained(
    emulator: Emulator, code: str, changes: dict[str, str]
) -> None:
    credential = {"client_id": emulator.client_id, "client_secret": emulator.client_secret, "scopes": emulator.scopes}
    with pytest.raises(NotSent) as raised:
        fetch_token(emulator.ims_url, timeout=10, **(credential | changes))

    error = raised.value
    assert error.code == code
    assert explain(code=error.code, status=error.status, error="NotSent") == Explanation(**CODES[code])
