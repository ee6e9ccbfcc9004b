"""What every test may use: the people of `tests.people`, fast passwords, and no step that takes time."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests import people
from tests.people import World


@pytest.fixture(autouse=True)
def _quick(settings: Any, tmp_path: Any) -> None:
    """No test waits for a hash or for a simulated step; each has a sandbox world of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SANDBOX_STEP_SECONDS = 0
    settings.STATE_DIR = tmp_path
    settings.POWERDNS_URL = ""


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """Two organizations with products, and everybody who matters to the rights."""
    cache.clear()
    yield people.make()
