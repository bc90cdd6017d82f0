"""A running local Flow Service; for the contract tests, Adobe's instead when its variables are set."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import Service

REAL_URL = os.environ.get("CONTRACT_FLOW_SERVICE_URL", "").rstrip("/")
MAY_WRITE = not REAL_URL or os.environ.get("CONTRACT_MAY_WRITE") == "1"


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def flow_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if REAL_URL:
        yield from _real()
    else:
        with running_emulator(tmp_path_factory.mktemp("flow_service")) as running:
            yield running


@pytest.fixture
def created(flow_service: Service) -> Iterator[list[str]]:
    """Ids that a test adds are deleted after it."""
    ids: list[str] = []
    yield ids
    for connection_id in ids:
        flow_service.call("DELETE", f"/connections/{connection_id}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What creates something is left out, even when named, unless a real organization may be written to."""
    left_out = [] if MAY_WRITE else [item for item in items if item.path.name.startswith("test_contract_writes")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        if REAL_URL and item.path.name.startswith("test_contract"):
            item.add_marker(pytest.mark.enable_socket)


def _real() -> Iterator[Service]:
    service = Service(
        REAL_URL,
        os.environ["CONTRACT_IMS_URL"].rstrip("/"),
        f"{REAL_URL.rpartition('/')[0]}/sandbox-management",
        os.environ["CONTRACT_IMS_ORG_ID"],
        os.environ["CONTRACT_IMS_CLIENT_ID"],
        os.environ["CONTRACT_IMS_CLIENT_SECRET"],
        os.environ["CONTRACT_SANDBOX_NAME"],
    )
    yield service
    service.close()
