"""The zone of a domain in a real PowerDNS, asked as resolvers ask it."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from dns import flags, message, query, rcode, rdatatype
from pytest_django import Settings

from manager.dev import rig
from products.domains import driver as driver_module
from products.domains.driver import PowerDNS, choose
from products.domains.sandbox import Sandbox
from products.domains.zone import first_records
from products.drivers import Conflict, Permanent, Retryable
from tests.drivers import hostile
from tests.drivers.providers import PROVIDERS, powerdns, run
from tests.drivers.stub import Stub

PROVIDER = next(provider for provider in PROVIDERS if provider.server == "dns")


def ask(server: rig.PowerDNS, name: str, kind: str) -> message.Message:
    return query.udp(message.make_query(name, kind), "127.0.0.1", port=server.port, timeout=5)


def answers(server: rig.PowerDNS, name: str, kind: str) -> list[str]:
    """The data of the answer, sorted; empty when there is none."""
    sets = [found for found in ask(server, name, kind).answer if found.rdtype == rdatatype.from_text(kind)]
    return sorted(str(data) for found in sets for data in found)


def api(server: rig.PowerDNS, method: str, path: str, **body: object) -> requests.Response:
    url = f"{server.url}/api/v1/servers/localhost/zones{path}"
    return requests.request(method, url, json=body or None, headers={"X-API-Key": server.key}, timeout=5)


def zones(server: rig.PowerDNS, name: str) -> list[dict[str, object]]:
    return api(server, "GET", f"?zone={name}.").json()


def test_resolvers_get_the_zone(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    assert answers(dns, spec.name, "NS") == ["ns1.host.example.", "ns2.host.example."]
    assert answers(dns, spec.name, "A") == answers(dns, f"www.{spec.name}", "A") == ["192.0.2.1"]
    assert answers(dns, spec.name, "AAAA") == answers(dns, f"www.{spec.name}", "AAAA") == ["2001:db8::1"]
    assert answers(dns, spec.name, "MX") == ["10 mx1.host.example.", "20 mx2.host.example."]
    assert answers(dns, spec.name, "TXT") == ['"v=spf1 mx -all"']
    first, hostmaster, serial, *_ = answers(dns, spec.name, "SOA")[0].split()
    assert (first, hostmaster) == ("ns1.host.example.", "hostmaster.host.example.")
    assert int(serial) == powerdns().observe(spec).facts["serial"] > 1


def test_the_answer_has_authority(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    answer = ask(dns, spec.name, "SOA")
    assert answer.rcode() == rcode.NOERROR
    assert answer.flags & flags.AA


def test_a_suspended_domain_keeps_its_zone_without_a_website(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    run(powerdns().ensure(replace(spec, suspended=True)))
    for kind in ("A", "AAAA", "MX", "TXT"):
        assert answers(dns, spec.name, kind) == []
    assert answers(dns, f"www.{spec.name}", "A") == []
    assert answers(dns, spec.name, "SOA")
    assert len(answers(dns, spec.name, "NS")) == 2
    run(powerdns().ensure(spec))
    assert answers(dns, spec.name, "A") == ["192.0.2.1"]
    assert answers(dns, spec.name, "MX")


def test_an_absent_domain_is_refused(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    run(powerdns().absent(spec))
    for kind in ("SOA", "A"):
        answer = ask(dns, spec.name, kind)
        assert answer.rcode() == rcode.REFUSED
        assert not answer.answer
    assert zones(dns, spec.name) == []


def test_the_serial_rises_with_a_change_only(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    serials = [run(powerdns().ensure(spec)).outcome.facts["serial"] for _ in range(3)]
    assert len(set(serials)) == 1
    changed = run(powerdns().ensure(replace(spec, ipv4="192.0.2.9"))).outcome.facts["serial"]
    assert changed > serials[0]
    assert answers(dns, spec.name, "A") == ["192.0.2.9"]


@pytest.mark.parametrize("ipv6", ["::ffff:192.0.2.1", "2001:db8::", "2001:db8:0:1:1:1:1:1", "::1"])
def test_unusual_addresses_are_written_once(dns: rig.PowerDNS, ipv6: str) -> None:
    spec = PROVIDER.spec(ipv6=ipv6)
    serials = {run(powerdns().ensure(spec)).outcome.facts["serial"] for _ in range(2)}
    assert len(serials) == 1
    assert answers(dns, spec.name, "AAAA") == [ipv6]


def test_an_address_that_is_taken_away_is_no_longer_answered(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    run(powerdns().ensure(replace(spec, ipv6=None)))
    assert answers(dns, spec.name, "AAAA") == answers(dns, f"www.{spec.name}", "AAAA") == []
    assert answers(dns, spec.name, "A") == ["192.0.2.1"]


def test_records_that_somebody_added_stay(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    added = {"name": f"blog.{spec.name}.", "type": "A", "ttl": 300, "changetype": "REPLACE"}
    added["records"] = [{"content": "192.0.2.77", "disabled": False}]
    assert api(dns, "PATCH", f"/{spec.name}.", rrsets=[added]).status_code == 204
    run(powerdns().ensure(replace(spec, ipv4="192.0.2.9")))
    assert answers(dns, f"blog.{spec.name}", "A") == ["192.0.2.77"]


def test_a_record_set_that_is_disabled_in_part_is_repaired(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    run(powerdns().ensure(spec))
    records = [{"content": f"{10 * n} mx{n}.host.example.", "disabled": n == 2} for n in (1, 2)]
    half = {"name": f"{spec.name}.", "type": "MX", "ttl": 3600, "changetype": "REPLACE", "records": records}
    assert api(dns, "PATCH", f"/{spec.name}.", rrsets=[half]).status_code == 204
    assert answers(dns, spec.name, "MX") == ["10 mx1.host.example."]
    run(powerdns().ensure(spec))
    assert len(answers(dns, spec.name, "MX")) == 2


@pytest.mark.parametrize("account", ["", "0" * 32, "customer-42"])
@pytest.mark.parametrize("verb", ["ensure", "absent", "observe"])
def test_a_zone_that_was_made_by_hand_is_never_touched(dns: rig.PowerDNS, account: str, verb: str) -> None:
    spec = PROVIDER.spec()
    zone = {"name": f"{spec.name}.", "kind": "Native", "nameservers": ["ns.other.example."], "account": account}
    before = api(dns, "POST", "", **zone).json()
    with pytest.raises(Conflict):
        run(getattr(powerdns(), verb)(spec))
    assert api(dns, "GET", f"/{spec.name}.").json()["edited_serial"] == before["edited_serial"]


def test_zones_are_tagged_and_made_once(dns: rig.PowerDNS) -> None:
    spec = PROVIDER.spec()
    for _ in range(2):
        run(powerdns().ensure(spec))
    assert [zone["account"] for zone in zones(dns, spec.name)] == [spec.key]


@pytest.mark.parametrize("reached", range(5))
def test_the_server_dies_after_any_step(dns: rig.PowerDNS, reached: int) -> None:
    spec, driver = PROVIDER.spec(), powerdns()
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
    assert done.steps == PROVIDER.steps
    assert len(zones(dns, spec.name)) == 1
    assert answers(dns, spec.name, "A") == ["192.0.2.1"]


def interrupted(work: Iterator[str]) -> Iterator[str]:
    """The steps that are still reached, then "retry"."""
    try:
        yield from work
    except Retryable:
        yield "retry"


def test_without_the_server_every_wish_waits(dns: rig.PowerDNS) -> None:
    spec, driver = PROVIDER.spec(), powerdns()
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
    spec = PROVIDER.spec()
    with pytest.raises(Retryable) as problem:
        run(PowerDNS(dns.url, "wrong").ensure(spec))
    assert "401" in problem.value.detail
    run(powerdns().ensure(spec))


def test_what_the_server_refuses_is_refused_for_good(dns: rig.PowerDNS, settings: Settings) -> None:
    settings.MAIL_SERVERS = ["not a name"]
    with pytest.raises(Permanent) as problem:
        run(powerdns().ensure(PROVIDER.spec()))
    assert "422" in problem.value.detail


@pytest.mark.parametrize("verb", ["ensure", "absent", "observe"])
def test_nothing_hostile_reaches_the_server(stub: Stub, verb: str) -> None:
    driver = PowerDNS(stub.url, "key")
    for name in hostile.NAMES:
        with pytest.raises(Permanent):
            run(getattr(driver, verb)(PROVIDER.spec(name=name)))
    for key in hostile.KEYS:
        with pytest.raises(Permanent):
            run(getattr(driver, verb)(PROVIDER.spec(key=key)))
    assert stub.requests == []


@pytest.mark.parametrize("wish", hostile.ADDRESSES, ids=str)
def test_hostile_addresses_never_reach_the_server(stub: Stub, wish: dict[str, str]) -> None:
    with pytest.raises(Permanent):
        run(PowerDNS(stub.url, "key").ensure(PROVIDER.spec(**wish)))
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
        run(PowerDNS(stub.url, "key").ensure(PROVIDER.spec()))


@pytest.mark.parametrize("status", [409, 500])
def test_whoever_made_the_zone_in_the_meantime_made_it(stub: Stub, status: int) -> None:
    """PowerDNS says 409 when it looks first, and 500 when its database finds out."""
    spec = PROVIDER.spec(ipv4=None, ipv6=None)
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
            run(PowerDNS(stub.url, "key").ensure(PROVIDER.spec()))
        assert elsewhere.requests == []
    assert len(stub.requests) == 1


def test_a_proxy_in_the_environment_is_not_used(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    with Stub() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        stub.status = 500
        with pytest.raises(Retryable):
            run(PowerDNS(stub.url, "key").ensure(PROVIDER.spec()))
        assert proxy.requests == []
    assert stub.requests


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_module, "TIMEOUT", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Retryable):
            run(PowerDNS(url, "key").ensure(PROVIDER.spec()))


def test_the_installation_chooses(settings: Settings) -> None:
    settings.POWERDNS_URL, settings.POWERDNS_KEY = "", ""
    assert isinstance(choose(), Sandbox)
    settings.POWERDNS_URL, settings.POWERDNS_KEY = "http://127.0.0.1:8081", "key"
    assert isinstance(choose(), PowerDNS)
