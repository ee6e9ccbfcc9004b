"""The providers that the contract holds for, and how to talk to each."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.conf import settings

from products import kinds
from products.domains.driver import DomainSpec, PowerDNS
from products.domains.sandbox import Sandbox as DomainsSandbox
from products.drivers import Driver, Outcome, Spec
from products.email.driver import EmailSpec
from products.email.sandbox import Sandbox as EmailSandbox
from products.hosting.driver import HostingSpec
from products.hosting.sandbox import Sandbox as HostingSandbox


@dataclass(frozen=True)
class Provider:
    """`change` is another wish for the same product, and `shows` reads from the facts what was wished for.

    `served` says whether the facts show a product that works. `server` names the fixture that starts what is real.
    """

    name: str
    kind: str
    driver: Callable[[], Driver]
    spec_type: type[Spec]
    wish: dict[str, Any]
    change: dict[str, Any]
    shows: Callable[[dict[str, Any]], dict[str, Any]]
    served: Callable[[dict[str, Any]], bool]
    server: str = ""

    def __str__(self) -> str:
        return self.name

    def spec(self, **wish: Any) -> Any:
        """A product nobody has had before."""
        key = uuid4().hex
        return self.spec_type(**{"key": key, "name": f"p{key}.example", **self.wish, **wish})

    @property
    def steps(self) -> list[str]:
        return list(kinds.get(self.kind).steps)


@dataclass
class Run:
    """A generator of steps, driven as a job drives it."""

    steps: list[str] = field(default_factory=list)
    outcome: Outcome | None = None


def run(generator: Generator[str, None, Outcome]) -> Run:
    """Every step to the end."""
    done = Run()
    while True:
        try:
            done.steps.append(next(generator))
        except StopIteration as end:
            done.outcome = end.value
            return done


def addresses(facts: dict[str, Any]) -> dict[str, Any]:
    """The website's addresses in a domain's records."""
    sets = {record["type"]: record["contents"] for record in facts["records"] if not record["name"].startswith("www.")}
    return {"ipv4": sets.get("A", [None])[0], "ipv6": sets.get("AAAA", [None])[0]}


def answers(facts: dict[str, Any]) -> bool:
    return not any(record.get("disabled") for record in facts["records"])


def powerdns() -> PowerDNS:
    return PowerDNS(settings.POWERDNS_URL, settings.POWERDNS_KEY)


DOMAIN = {
    "kind": "domains",
    "spec_type": DomainSpec,
    "wish": {"ipv4": "192.0.2.1", "ipv6": "2001:db8::1"},
    "change": {"ipv4": "192.0.2.2", "ipv6": None},
    "shows": addresses,
    "served": answers,
}
POWERDNS = Provider("PowerDNS", driver=powerdns, server="dns", **DOMAIN)
PROVIDERS = [
    Provider("domains sandbox", driver=DomainsSandbox, **DOMAIN),
    POWERDNS,
    Provider(
        "hosting sandbox",
        kind="hosting",
        driver=HostingSandbox,
        spec_type=HostingSpec,
        wish={"php_version": "8.4", "disk_gb": 50, "sites": 5, "databases": 10},
        change={"php_version": "8.5", "disk_gb": 100},
        shows=lambda facts: {name: facts[name] for name in ("php_version", "disk_gb", "sites", "databases")},
        served=lambda facts: facts["served"],
    ),
    Provider(
        "email sandbox",
        kind="email",
        driver=EmailSandbox,
        spec_type=EmailSpec,
        wish={"spam_filter": "normal", "addresses": 5, "gb_per_address": 20},
        change={"spam_filter": "strict", "addresses": 10},
        shows=lambda facts: {name: facts[name] for name in ("spam_filter", "addresses", "gb_per_address")},
        served=lambda facts: facts["served"],
    ),
]
