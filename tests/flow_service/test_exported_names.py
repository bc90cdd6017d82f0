"""What other rooms may rely on."""

import re
import subprocess
import sys

from wizard import flow_service
from wizard.flow_service import errors


def test_these_names_are_exported_and_no_others() -> None:
    assert flow_service.__all__ == [
        "Created",
        "FlowService",
        "FlowServiceError",
        "NoAnswer",
        "NotSent",
        "Refused",
        "RemoteConnection",
        "RemoteObject",
        "RemoteSandbox",
        "Token",
        "Unavailable",
        "fetch_token",
    ]
    assert all(hasattr(flow_service, name) for name in flow_service.__all__)


def test_it_does_without_django() -> None:
    code = "import sys, wizard.flow_service, wizard.flow_service.explanations; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert drawn == [kind.__name__ for kind in errors.FlowServiceError.__subclasses__()]
