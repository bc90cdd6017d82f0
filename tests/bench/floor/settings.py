"""The wizard's settings, with other addresses, and one table more."""

from wizard.settings import *  # noqa: F403
from wizard.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.floor"]
ROOT_URLCONF = "tests.bench.floor.urls"
