"""The zone of a domain in a real PowerDNS, asked as resolvers ask it."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from dns import flags, rcode
from pytest_django import Settings

from manager.dev import rig
from products.domains.driver import PowerDNS, choose
from products.domains.sandbox import Sandbox
from products.drivers import Conflict
from tests.drivers.providers import POWERDNS, powerdns, run
from tests.drivers.resolver import answers, api, ask, zones


def test_resolvers_get_the_zone(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
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
    spec = POWERDNS.spec()
    run(powerdns().ensure(spec))
    answer = ask(dns, spec.name, "SOA")
    assert answer.rcode() == rcode.NOERROR
    assert answer.flags & flags.AA


def test_a_suspended_domain_keeps_its_zone_without_a_website(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
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
    spec = POWERDNS.spec()
    run(powerdns().ensure(spec))
    run(powerdns().absent(spec))
    for kind in ("SOA", "A"):
        answer = ask(dns, spec.name, kind)
        assert answer.rcode() == rcode.REFUSED
        assert not answer.answer
    assert zones(dns, spec.name) == []


def test_the_serial_rises_with_a_change_only(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
    serials = [run(powerdns().ensure(spec)).outcome.facts["serial"] for _ in range(3)]
    assert len(set(serials)) == 1
    changed = run(powerdns().ensure(replace(spec, ipv4="192.0.2.9"))).outcome.facts["serial"]
    assert changed > serials[0]
    assert answers(dns, spec.name, "A") == ["192.0.2.9"]


@pytest.mark.parametrize("ipv6", ["2001:db8::", "2001:db8:0:1:1:1:1:1", "::1"])
def test_unusual_addresses_are_written_once(dns: rig.PowerDNS, ipv6: str) -> None:
    spec = POWERDNS.spec(ipv6=ipv6)
    serials = {run(powerdns().ensure(spec)).outcome.facts["serial"] for _ in range(2)}
    assert len(serials) == 1
    assert answers(dns, spec.name, "AAAA") == [ipv6]


def test_an_address_that_is_taken_away_is_no_longer_answered(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
    run(powerdns().ensure(spec))
    run(powerdns().ensure(replace(spec, ipv6=None)))
    assert answers(dns, spec.name, "AAAA") == answers(dns, f"www.{spec.name}", "AAAA") == []
    assert answers(dns, spec.name, "A") == ["192.0.2.1"]


def test_records_that_somebody_added_stay(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
    run(powerdns().ensure(spec))
    added = {"name": f"blog.{spec.name}.", "type": "A", "ttl": 300, "changetype": "REPLACE"}
    added["records"] = [{"content": "192.0.2.77", "disabled": False}]
    assert api(dns, "PATCH", f"/{spec.name}.", rrsets=[added]).status_code == 204
    run(powerdns().ensure(replace(spec, ipv4="192.0.2.9")))
    assert answers(dns, f"blog.{spec.name}", "A") == ["192.0.2.77"]


def test_a_record_set_that_is_disabled_in_part_is_repaired(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
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
    spec = POWERDNS.spec()
    zone = {"name": f"{spec.name}.", "kind": "Native", "nameservers": ["ns.other.example."], "account": account}
    before = api(dns, "POST", "", **zone).json()
    # Nothing of ours is there, so `absent` has nothing to do.
    with nullcontext() if verb == "absent" else pytest.raises(Conflict):
        run(getattr(powerdns(), verb)(spec))
    assert api(dns, "GET", f"/{spec.name}.").json()["edited_serial"] == before["edited_serial"]


def test_zones_are_tagged_and_made_once(dns: rig.PowerDNS) -> None:
    spec = POWERDNS.spec()
    for _ in range(2):
        run(powerdns().ensure(spec))
    assert [zone["account"] for zone in zones(dns, spec.name)] == [spec.key]


def test_the_installation_chooses(settings: Settings) -> None:
    settings.POWERDNS_URL, settings.POWERDNS_KEY = "", ""
    assert isinstance(choose(), Sandbox)
    settings.POWERDNS_URL, settings.POWERDNS_KEY = "http://127.0.0.1:8081", "key"
    assert isinstance(choose(), PowerDNS)
