"""What a worker does when somebody asked for a test of a connection."""

from datetime import datetime

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import TestStatus
from wizard.flow_service.errors import FlowServiceError
from wizard.organizations.services import flow_service

PASSED = "The Flow Service reports that it reached the source."
FAILED = (
    "The Flow Service reports that it did not reach the source, and gives no reason: check host, allow list and login."
)
SILENT = "The test ended without a result. Test again."


def run_test(pk: int) -> None:
    """Asks Adobe to test a connection and keeps the result, with Adobe's state as it is now."""
    connection = BaseConnection.objects.select_related("organization").get(pk=pk)
    if connection.test_status != TestStatus.PENDING:
        return
    try:
        with flow_service(connection.organization, connection.sandbox_name) as client:
            passed = client.test_connection(connection.base_connection_id)
            remote = client.get_connection(connection.base_connection_id)
    except FlowServiceError as error:
        connection.keep_test(TestStatus.ERROR, str(error))
        return
    remote_values = {"remote_state": remote.state[:40], "etag": remote.etag or connection.etag}
    if passed:
        connection.keep_test(TestStatus.PASSED, PASSED, **remote_values)
    else:
        connection.keep_test(TestStatus.FAILED, FAILED, **remote_values)


def give_up_silent_tests(asked_before: datetime) -> None:
    """Ends tests whose worker died."""
    for connection in BaseConnection.objects.filter(test_status=TestStatus.PENDING, test_requested_at__lt=asked_before):
        connection.keep_test(TestStatus.ERROR, SILENT)
