"""Names of calls in numbers and traces: a bounded set, whatever stands in a path."""

import pytest

from wizard.telemetry.operations import class_of, method_of, operation_of, status_of

FOUNDATION = "/data/foundation"


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", f"{FOUNDATION}/flowservice/connections", "POST /connections"),
        ("GET", f"{FOUNDATION}/flowservice/connections/1b2c/test", "GET /connections/{id}/test"),
        ("POST", "/elsewhere/connections/x/action", "POST /connections/{id}/action"),
        ("GET", f"{FOUNDATION}/flowservice/connectionSpecs", "GET /connectionSpecs"),
        ("GET", f"{FOUNDATION}/sandbox-management/", "GET /sandbox-management"),
        ("POST", f"{FOUNDATION}/conversion/mappingSets", "POST /mappingSets"),
        ("POST", "/ims/token/v3", "POST /ims/token/v3"),
        ("BREW", "/ims/token/v3", "other /ims/token/v3"),
        ("GET", "/something/else", "other"),
    ],
)
def test_an_operation_is_method_and_path_without_ids(method, path, operation):
    assert operation_of(method, path) == operation


def test_statuses_and_methods_are_bounded():
    assert (status_of(201, ""), status_of(None, "NoAnswer"), status_of(799, ""), status_of(499, "")) == (
        *("201", "NoAnswer"),
        *("other", "4xx"),
    )
    assert (class_of(204), class_of(700), method_of("GET"), method_of("X\n")) == ("2xx", "other", "GET", "other")
