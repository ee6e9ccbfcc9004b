"""Resource record sets as PowerDNS writes them: absolute names with a final dot, quoted text (RFC 1035)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from products.domains.driver import DomainSpec

HOUR = 3600


@dataclass(frozen=True)
class Record:
    """A record set: one name and type, with all its contents."""

    name: str
    type: str
    ttl: int
    contents: tuple[str, ...]
    disabled: bool = False

    @classmethod
    def of(cls, rrset: dict[str, Any]) -> "Record":
        records = rrset["records"]
        disabled = bool(records) and all(record["disabled"] for record in records)
        # Where only some are disabled, the set is what the others say.
        contents = tuple(sorted(record["content"] for record in records if disabled or not record["disabled"]))
        return cls(rrset["name"], rrset["type"], rrset["ttl"], contents, disabled)

    def rrset(self) -> dict[str, Any]:
        records = [{"content": content, "disabled": self.disabled} for content in self.contents]
        document = {"name": self.name, "type": self.type, "ttl": self.ttl, "records": records}
        return document | {"changetype": "REPLACE"}

    def order(self) -> tuple[bool, bool, str, str]:
        """SOA, NS, then the apex, then by name."""
        return self.type != "SOA", self.type != "NS", self.name, self.type

    def shown(self) -> dict[str, Any]:
        return {"name": self.name, "type": self.type, "ttl": self.ttl, "contents": list(self.contents)} | (
            {"disabled": True} if self.disabled else {}
        )


def first_records(spec: "DomainSpec") -> list[Record]:
    """The zone every domain starts with. A suspended one keeps SOA and NS; the rest does not answer."""
    apex, www = f"{spec.name}.", f"www.{spec.name}."
    servers = tuple(sorted(f"{server}." for server in settings.NAME_SERVERS))
    # Serial, refresh, retry, expire and negative TTL in seconds (RFC 1912, 2308); PowerDNS raises the serial.
    soa = f"{settings.NAME_SERVERS[0]}. {settings.HOSTMASTER}. 1 10800 3600 1209600 3600"
    mail = tuple(sorted(f"{10 * at} {server}." for at, server in enumerate(settings.MAIL_SERVERS, 1)))
    off = spec.suspended
    records = [Record(apex, "SOA", HOUR, (soa,)), Record(apex, "NS", HOUR, servers)]
    for kind, address in (("A", spec.ipv4), ("AAAA", spec.ipv6)):
        if address:
            records += [Record(apex, kind, HOUR, (address,), off), Record(www, kind, HOUR, (address,), off)]
    if mail:
        records += [Record(apex, "MX", HOUR, mail, off), Record(apex, "TXT", HOUR, ('"v=spf1 mx -all"',), off)]
    return records
