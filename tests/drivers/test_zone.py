"""Record sets: what every domain starts with, how they are written, and how a page shows them."""

from typing import Any

import pytest
from pytest_django import Settings

from products.domains.driver import DomainSpec
from products.domains.table import lasting, rows
from products.domains.zone import Record, first_records

NAME = "atelier.example"
SOA = ("atelier.example.", "SOA", ("ns1.host.example. hostmaster.host.example. 1 10800 3600 1209600 3600",))
NS = ("atelier.example.", "NS", ("ns1.host.example.", "ns2.host.example."))
MX = ("atelier.example.", "MX", ("10 mx1.host.example.", "20 mx2.host.example."))
TXT = ("atelier.example.", "TXT", ('"v=spf1 mx -all"',))
A = [(name, "A", ("192.0.2.1",)) for name in ("atelier.example.", "www.atelier.example.")]
AAAA = [(name, "AAAA", ("2001:db8::1",)) for name in ("atelier.example.", "www.atelier.example.")]


def spec(**wish: Any) -> DomainSpec:
    return DomainSpec(key="0" * 32, name=NAME, **wish)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({}, [SOA, NS, MX, TXT]),
        ({"ipv4": "192.0.2.1"}, [SOA, NS, *A, MX, TXT]),
        ({"ipv6": "2001:db8::1"}, [SOA, NS, *AAAA, MX, TXT]),
        ({"ipv4": "192.0.2.1", "ipv6": "2001:db8::1"}, [SOA, NS, *A, *AAAA, MX, TXT]),
    ],
    ids=["no website", "IPv4", "IPv6", "both"],
)
def test_the_first_records(wish: dict[str, str], expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    records = first_records(spec(**wish))
    assert [(record.name, record.type, record.contents) for record in records] == expected
    assert {record.ttl for record in records} == {3600}
    assert not any(record.disabled for record in records)


def test_without_mail_servers_there_is_no_mail(settings: Settings) -> None:
    settings.MAIL_SERVERS = []
    assert [record.type for record in first_records(spec())] == ["SOA", "NS"]


def test_suspended_leaves_only_what_makes_it_a_zone() -> None:
    records = first_records(spec(ipv4="192.0.2.1", ipv6="2001:db8::1", suspended=True))
    assert {record.type for record in records if not record.disabled} == {"SOA", "NS"}
    assert {record.type for record in records if record.disabled} == {"A", "AAAA", "MX", "TXT"}


def rrset(*records: tuple[str, bool]) -> dict[str, Any]:
    return {
        "name": "atelier.example.",
        "type": "A",
        "ttl": 60,
        "comments": [],
        "records": [{"content": content, "disabled": disabled} for content, disabled in records],
    }


@pytest.mark.parametrize(
    ("document", "contents", "disabled"),
    [
        (rrset(), (), False),
        (rrset(("192.0.2.2", False), ("192.0.2.1", False)), ("192.0.2.1", "192.0.2.2"), False),
        (rrset(("192.0.2.2", True), ("192.0.2.1", True)), ("192.0.2.1", "192.0.2.2"), True),
        (rrset(("192.0.2.2", True), ("192.0.2.1", False)), ("192.0.2.1",), False),
    ],
    ids=["empty", "served", "disabled", "disabled in part"],
)
def test_reading_a_record_set(document: dict[str, Any], contents: tuple[str, ...], disabled: bool) -> None:
    assert Record.of(document) == Record("atelier.example.", "A", 60, contents, disabled)


@pytest.mark.parametrize("suspended", [False, True])
def test_what_is_written_reads_the_same(suspended: bool) -> None:
    for record in first_records(spec(ipv4="192.0.2.1", ipv6="2001:db8::1", suspended=suspended)):
        assert record.rrset()["changetype"] == "REPLACE"
        assert Record.of(record.rrset()) == record


def test_the_order_of_a_page() -> None:
    names = ["www.atelier.example.", "atelier.example.", "mail.atelier.example."]
    records = [Record(name, kind, 60, ()) for name in names for kind in ("TXT", "A")]
    records += [Record("atelier.example.", kind, 60, ()) for kind in ("NS", "SOA")]
    ordered = [(record.name.split(".")[0], record.type) for record in sorted(records, key=Record.order)]
    assert ordered == [
        ("atelier", "SOA"),
        ("atelier", "NS"),
        ("atelier", "A"),
        ("atelier", "TXT"),
        ("mail", "A"),
        ("mail", "TXT"),
        ("www", "A"),
        ("www", "TXT"),
    ]


@pytest.mark.parametrize(
    ("owner", "content", "name", "value"),
    [
        ("atelier.example.", "192.0.2.1", "@", "192.0.2.1"),
        ("www.atelier.example.", "192.0.2.1", "www", "192.0.2.1"),
        ("a.b.atelier.example.", "x", "a.b", "x"),
        ("atelier.example.", '"v=spf1 mx -all"', "@", "v=spf1 mx -all"),
        ("atelier.example.", '"one" "two"', "@", '"one" "two"'),
        ("atelier.example.", '"say \\"hi\\""', "@", '"say \\"hi\\""'),
        ("atelier.example.", '0 issue "ca.example"', "@", '0 issue "ca.example"'),
        # Nothing of the domain's: shown as it is.
        ("otheratelier.example.", "x", "otheratelier.example.", "x"),
    ],
)
def test_a_row(owner: str, content: str, name: str, value: str) -> None:
    shown = Record(owner, "TXT", 60, (content,)).shown()
    assert rows(NAME, [shown]) == [{"name": name, "type": "TXT", "value": value, "ttl": "1 minute", "disabled": False}]


def test_a_row_for_each_content_of_a_set() -> None:
    shown = Record("atelier.example.", "A", 3600, ("192.0.2.1", "192.0.2.2"), disabled=True).shown()
    both = rows(NAME, [shown])
    assert [(row["value"], row["disabled"]) for row in both] == [("192.0.2.1", True), ("192.0.2.2", True)]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (300, "5 minutes"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (86400, "1 day"),
        (90000, "25 hours"),
        (604800, "7 days"),
        (2147483647, "2147483647 seconds"),
    ],
)
def test_how_long_a_record_lasts(seconds: int, words: str) -> None:
    assert lasting(seconds) == words
