"""One PostgreSQL for the tests of this room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import running_postgres
from tests.upgrading.databases import Places


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture
def places(tmp_path: Path, postgres_server: str) -> Places:
    return Places(tmp_path, postgres_server)
