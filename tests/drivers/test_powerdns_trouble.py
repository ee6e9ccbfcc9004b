"""PowerDNS that is dead, wrong or silent, and what must never reach it."""

import json
import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from manager.dev import rig
from products.domains import driver as driver_module
from products.domains.driver import PowerDNS
from products.domains.zone import first_records
from products.drivers import Permanent, Retryable
from tests.drivers import hostile
from tests.drivers.providers import POWERDNS, powerdns, run
from tests.drivers.resolver import answers, zones
from tests.drivers.stub import Stub


@pytest.mark.parametrize("reached", range(5))
def test_the_server_dies_after_any_step(dns: rig.PowerDNS, reached: int) -> None:
    spec, driver = POWERDNS.spec(), powerdns()
    work = driver.ensure(spec)
    for _ in range(reached):
        next(work, None)
    dns.kill()
    with pytest.raises(Retryable):
        # As the job does: the next try begins with the first step.
        run(driver.ensure(spec))
    assert reached == 4 or list(interrupted(work))[-1] == "retry"
    dns.start()
    done = run(driver.ensure(spec))
    assert done.steps == POWERDNS.steps
    assert len(zones(dns, spec.name)) == 1
    assert answers(dns, spec.name, "A") == ["192.0.2.1"]


def interrupted(work: Iterator[str]) -> Iterator[str]:
    """The steps that are still reached, then "retry"."""
    try:
        yield from work
    except Retryable:
        yield "retry"


def test_without_the_server_every_wish_waits(dns: rig.PowerDNS) -> None:
    spec, driver = POWERDNS.spec(), powerdns()
    run(driver.ensure(spec))
    dns.kill()
    for verb in ("ensure", "absent", "observe"):
        with pytest.raises(Retryable) as problem:
            run(getattr(driver, verb)(spec))
        assert str(problem.value.reason) == "The name server did not reply to us."
        assert driver.session.headers["X-API-Key"] not in problem.value.detail
    dns.start()
    assert answers(dns, spec.name, "A") == ["192.0.2.1"]
    run(driver.absent(spec))
    assert zones(dns, spec.name) == []


def test_a_wrong_key_waits_for_the_repair(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
    with pytest.raises(Retryable) as problem:
        run(PowerDNS(dns.url, "wrong").ensure(spec))
    assert "401" in problem.value.detail
    run(powerdns().ensure(spec))


def test_what_the_server_refuses_is_refused_for_good(dns: rig.PowerDNS, settings: Settings) -> None:
    settings.MAIL_SERVERS = ["not a name"]
    with pytest.raises(Permanent) as problem:
        run(powerdns().ensure(POWERDNS.spec()))
    assert "422" in problem.value.detail


@pytest.mark.parametrize("verb", ["ensure", "absent", "observe"])
def test_nothing_hostile_reaches_the_server(stub: Stub, verb: str) -> None:
    driver = PowerDNS(stub.url, "key")
    for name in hostile.NAMES:
        with pytest.raises(Permanent):
            run(getattr(driver, verb)(POWERDNS.spec(name=name)))
    for key in hostile.KEYS:
        with pytest.raises(Permanent):
            run(getattr(driver, verb)(POWERDNS.spec(key=key)))
    assert stub.requests == []


@pytest.mark.parametrize("wish", hostile.ADDRESSES, ids=str)
def test_hostile_addresses_never_reach_the_server(stub: Stub, wish: dict[str, str]) -> None:
    with pytest.raises(Permanent):
        run(PowerDNS(stub.url, "key").ensure(POWERDNS.spec(**wish)))
    assert stub.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b"no"),
        (401, b"Unauthorized"),
        (403, b""),
        (500, b"{}"),
        (502, b"<html>"),
        (503, b""),
        (200, b"<html>"),
        (204, b""),
    ],
)
def test_an_answer_that_is_none_is_tried_again(stub: Stub, status: int, body: bytes) -> None:
    stub.status, stub.body = status, body
    with pytest.raises(Retryable):
        run(PowerDNS(stub.url, "key").ensure(POWERDNS.spec()))


@pytest.mark.parametrize("status", [409, 500])
def test_whoever_made_the_zone_in_the_meantime_made_it(stub: Stub, status: int) -> None:
    """PowerDNS says 409 when it looks first, and 500 when its database finds out."""
    spec = POWERDNS.spec(ipv4=None, ipv6=None)
    rrsets = [{**record.rrset(), "comments": []} for record in first_records(spec)]
    zone = {"id": f"{spec.name}.", "account": spec.key, "serial": 7, "rrsets": rrsets}
    stub.script = [(404, b""), (status, b"")]
    stub.body = json.dumps(zone).encode()
    assert run(PowerDNS(stub.url, "key").ensure(spec)).outcome.facts["serial"] == 7
    assert [method for method, _ in stub.requests] == ["GET", "POST", "GET", "GET"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_key_follows_no_redirect(stub: Stub, status: int) -> None:
    with Stub() as elsewhere:
        stub.status, stub.headers = status, {"Location": f"{elsewhere.url}/zones"}
        with pytest.raises(Retryable):
            run(PowerDNS(stub.url, "key").ensure(POWERDNS.spec()))
        assert elsewhere.requests == []
    assert len(stub.requests) == 1


def test_a_proxy_in_the_environment_is_not_used(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    with Stub() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        stub.status = 500
        with pytest.raises(Retryable):
            run(PowerDNS(stub.url, "key").ensure(POWERDNS.spec()))
        assert proxy.requests == []
    assert stub.requests


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_module, "TIMEOUT", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Retryable):
            run(PowerDNS(url, "key").ensure(POWERDNS.spec()))
