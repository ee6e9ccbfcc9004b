"""The zone of a domain in PowerDNS Authoritative, by its HTTP API (v1). Imports no model."""

from collections.abc import Generator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from products import border
from products.domains.sandbox import Registrar, Sandbox
from products.domains.zone import Record, first_records
from products.drivers import Conflict, Driver, Outcome, Permanent, Retryable, Spec

TIMEOUT = (3, 15)


@dataclass(frozen=True)
class DomainSpec(Spec):
    """A domain and the addresses of its website; None leaves the record out."""

    ipv4: str | None = None
    ipv6: str | None = None


def choose() -> Driver:
    """The name server of this installation, or the sandbox where there is none."""
    if settings.POWERDNS_URL:
        return PowerDNS(settings.POWERDNS_URL, settings.POWERDNS_KEY)
    return Sandbox()


class PowerDNS:
    """Zones are tagged with the product's key in PowerDNS's `account`: a zone with another tag is never touched."""

    sandboxes = Registrar.sandboxes

    def __init__(self, url: str, key: str) -> None:
        self.base = f"{url.rstrip('/')}/api/v1/servers/localhost/zones"
        self.session = requests.Session()
        self.session.headers["X-API-Key"] = key
        # Nothing in the environment may send the key elsewhere.
        self.session.trust_env = False
        self.registrar = Registrar()
        server = urlsplit(url)
        # Without what an address may carry before its host: that is secret.
        self.name = f"PowerDNS at {server.scheme}://{server.netloc.rpartition('@')[2]}"

    def ensure(self, spec: DomainSpec) -> Generator[str, None, Outcome]:
        """The name is registered and its zone has the first records, disabled while the domain is suspended."""
        check(spec)
        self.registrar.register(spec)
        yield "register"
        zone = self._zone(spec) or self._create(spec)
        yield "zone"
        self._write(spec, zone)
        yield "records"
        outcome = self.observe(spec)
        if outcome is None:
            raise Retryable(_("The name server does not show the zone yet."))
        yield "check"
        return outcome

    def absent(self, spec: DomainSpec) -> Generator[str, None, Outcome]:
        """No zone and no registration of this product is left; what is somebody else's stays."""
        check(spec)
        zone = self._call("GET", f"/{spec.name}.", missing=True)
        if zone and zone["account"] == spec.key:
            self._call("DELETE", f"/{spec.name}.", missing=True)
        yield "zone"
        self.registrar.release(spec)
        yield "register"
        return Outcome(ref="", provider="PowerDNS")

    def observe(self, spec: DomainSpec) -> Outcome | None:
        check(spec)
        zone = self._zone(spec)
        if zone is None:
            return None
        records = [Record.of(rrset) for rrset in zone["rrsets"]]
        facts = {
            "serial": zone["serial"],
            "records": [record.shown() for record in sorted(records, key=Record.order)],
            "registry": "sandbox",
        }
        return Outcome(ref=zone["id"], provider="PowerDNS", facts=facts)

    def _zone(self, spec: DomainSpec) -> dict[str, Any] | None:
        """The zone, when it is this product's; None when there is none; Conflict when it is another's."""
        zone = self._call("GET", f"/{spec.name}.", missing=True)
        if zone and zone["account"] != spec.key:
            raise Conflict(f"PowerDNS: zone {spec.name} has the account {zone['account']!r}, not {spec.key!r}")
        return zone

    def _create(self, spec: DomainSpec) -> dict[str, Any]:
        body: dict[str, Any] = {"name": f"{spec.name}.", "kind": "Native", "account": spec.key, "nameservers": []}
        body["rrsets"] = [record.rrset() for record in first_records(spec)]
        problem = Retryable(_("The name server does not show the zone yet."))
        try:
            if created := self._call("POST", "", json=body, exists=True):
                return created
        except Retryable as error:
            # With 500 the server also answers when another request made the same zone in the meantime.
            problem = error
        # Somebody was faster, perhaps ourselves before a crash: then it must be ours.
        zone = self._zone(spec)
        if zone is None:
            raise problem
        return zone

    def _write(self, spec: DomainSpec, zone: dict[str, Any]) -> None:
        """The wished record sets are there. Nothing is sent when they are: each change would raise the serial."""
        present = {(record.name, record.type): record for record in map(Record.of, zone["rrsets"])}
        wanted = {(record.name, record.type): record for record in first_records(spec) if record.type != "SOA"}
        changes = [record.rrset() for at, record in wanted.items() if present.get(at) != record]
        # The website's addresses are ours to take away; other records that somebody added stay.
        web = {(name, kind) for name in (f"{spec.name}.", f"www.{spec.name}.") for kind in ("A", "AAAA")}
        for name, kind in sorted((web & present.keys()) - wanted.keys()):
            changes.append({"name": name, "type": kind, "changetype": "DELETE"})
        if changes:
            self._call("PATCH", f"/{spec.name}.", json={"rrsets": changes})

    def _call(
        self, method: str, path: str, *, json: Any = None, missing: bool = False, exists: bool = False
    ) -> dict[str, Any] | None:
        """The answer's document; None for no content, and for 404 or 409 where the caller expects them."""
        try:
            # A redirect would take the key elsewhere.
            answer = self.session.request(method, self.base + path, json=json, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise Retryable(_("The name server did not reply to us."), detail=f"PowerDNS: {error}") from error
        if (answer.status_code == 404 and missing) or (answer.status_code == 409 and exists):
            return None
        if answer.status_code == 422:
            raise Permanent(
                _("The name server refused the zone."), detail=f"PowerDNS 422 {method} {path}: {answer.text[:1000]}"
            )
        try:
            if not 200 <= answer.status_code < 300:
                raise ValueError(answer.status_code)
            return answer.json() if answer.content else None
        except ValueError as error:
            # Also a wrong API key, or something else at this address: the wish stands, somebody must repair it.
            raise Retryable(
                _("The name server could not do this now."),
                detail=f"PowerDNS {answer.status_code} {method} {path}: {answer.text[:1000]}",
            ) from error


def check(spec: DomainSpec) -> None:
    """What reaches a path or a zone is checked here again, whatever the form let through."""
    border.check(spec)
    for family, address in ((IPv4Address, spec.ipv4), (IPv6Address, spec.ipv6)):
        if address is not None and not _is_of(family, address):
            raise Permanent(_("This is not an address of a website."), detail=f"address {address!r}")


def _is_of(family: type[IPv4Address | IPv6Address], text: str) -> bool:
    try:
        address = family(text)
    except ValueError:
        return False
    # With a scope ("fe80::1%eth0") it means something on one machine only; one of IPv4 inside IPv6 belongs into A.
    return not (getattr(address, "scope_id", None) or getattr(address, "ipv4_mapped", None))
