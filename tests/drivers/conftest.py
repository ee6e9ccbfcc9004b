"""Drivers meet their providers: sandboxes always, real servers where their programs are installed. No database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from manager.dev import rig
from tests.drivers.providers import PROVIDERS, Provider
from tests.drivers.stub import Stub


@pytest.fixture(autouse=True)
def state(settings: Settings, tmp_path: Path) -> Path:
    """Where the worlds of this test are; and an installation whose records are known."""
    settings.STATE_DIR = tmp_path
    settings.NAME_SERVERS = ["ns1.host.example", "ns2.host.example"]
    settings.HOSTMASTER = "hostmaster.host.example"
    settings.MAIL_SERVERS = ["mx1.host.example", "mx2.host.example"]
    return tmp_path


@pytest.fixture(scope="session")
def running_dns() -> Iterator[rig.PowerDNS]:
    if missing := rig.PowerDNS.missing():
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with rig.PowerDNS() as server:
        yield server


@pytest.fixture
def dns(running_dns: rig.PowerDNS, settings: Settings) -> Iterator[rig.PowerDNS]:
    """PowerDNS with its API and its port for questions; a test may kill it."""
    settings.POWERDNS_URL, settings.POWERDNS_KEY = running_dns.url, running_dns.key
    yield running_dns
    running_dns.start()


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A web server that remembers what it was asked and answers what the test says."""
    with Stub() as server:
        yield server


@pytest.fixture(params=PROVIDERS, ids=str)
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each provider in turn, with the driver that the portal would use for it."""
    chosen: Provider = request.param
    if chosen.server:
        request.getfixturevalue(chosen.server)
    return chosen
