"""An invoice as it is read: everything comes from its frozen document, nothing from what has changed since."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from billing.models import Invoice
from organizations.forms import COUNTRIES
from products import kinds

AMOUNTS = ("net", "tax", "total")


@dataclass(frozen=True)
class TaxRow:
    """What one rate of tax, in thousandths, was taken of."""

    rate: int
    net: int
    tax: int


def seller(invoice: Invoice | None = None) -> dict[str, Any]:
    """Who invoices: as it was, or as it is for a new invoice and for one from before this was kept."""
    kept = invoice.document.get("seller") if invoice else None
    return kept or {"lines": settings.SELLER, "vat_number": settings.SELLER_VAT_NUMBER}


def buyer(invoice: Invoice) -> list[str]:
    """Name and address, line by line, as they were; without what was not known."""
    known = invoice.document["buyer"]
    town = " ".join(filter(None, [known.get("postcode", ""), known.get("city", "")]))
    country = str(dict(COUNTRIES).get(known.get("country", ""), known.get("country", "")))
    return [line for line in (known.get("name", ""), known.get("street", ""), town, country) if line]


def lines(invoice: Invoice) -> list[dict[str, Any]]:
    """The lines with their amounts: a credit note takes them back."""
    sign = -1 if invoice.kind == Invoice.Kind.CREDIT_NOTE else 1
    kept = invoice.document["lines"]
    return [line | {"what": _what(line)} | {name: sign * line[name] for name in AMOUNTS} for line in kept]


def _what(line: dict[str, Any]) -> str:
    """The kind and the plan: Hosting Starter. Older documents know the plan only."""
    known = {kind.slug: str(kind.label_one) for kind in kinds.every()}
    return " ".join(filter(None, [known.get(line.get("kind", "")), line.get("plan", "")]))


def taxes(invoice: Invoice) -> list[TaxRow]:
    """The tax by rate, the highest first."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines(invoice):
        sums[line["tax_rate"]][0] += line["net"]
        sums[line["tax_rate"]][1] += line["tax"]
    return [TaxRow(rate, net, tax) for rate, (net, tax) in sorted(sums.items(), reverse=True)]


def paid_at(invoice: Invoice) -> datetime | None:
    """When its order was paid; a credit note is not paid."""
    return None if invoice.kind == Invoice.Kind.CREDIT_NOTE else invoice.order.paid_at
