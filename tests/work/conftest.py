"""The same stage as for changes: a connection that exists, and somebody else at Adobe."""

from tests.changing.conftest import by_key, connected  # noqa: F401 - fixtures
