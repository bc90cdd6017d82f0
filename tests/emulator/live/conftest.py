"""The two servers, started once for all of these tests, and a local Flow Service that looks into them."""

from collections.abc import Iterator

import pytest

from tests.emulator.live.servers import Database, a_mariadb, a_postgres
from tests.emulator.running import Emulator, running_emulator
from wizard.emulator.live.probing import Prober


@pytest.fixture(scope="session")
def postgres() -> Iterator[Database]:
    with a_postgres() as database:
        yield database


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Database]:
    with a_mariadb() as database:
        yield database


@pytest.fixture(params=["postgres", "mariadb"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each of the two."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("live"), prober=Prober()) as running:
        yield running


@pytest.fixture
def hurried(tmp_path) -> Iterator[Emulator]:
    """One that waits a second for a database."""
    with running_emulator(tmp_path, prober=Prober(deadline=1)) as running:
        yield running
