"""The wizard's own settings, and one address more."""

from wizard.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.empty_urls"
