"""The lists of orders and of invoices: their columns, and what they can be narrowed to."""

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models import Invoice, Order, OrderLine
from billing.models.order import OrderState
from manager.web import dates
from manager.web.listing import DAYS, Column, Filter, Listing, declare, is_number
from organizations.access import Access
from products import names
from products.models.product import spellings

ORDERS = declare("orders", "state", "since", "until")
INVOICES = declare("invoices", "kind", "since", "until")


def plain(amount: int, currency: str) -> str:
    """An amount that a program reads: CHF 1234.50, CHF -3.20."""
    minus, (units, cents) = "-" if amount < 0 else "", divmod(abs(amount), 100)
    return f"{currency} {minus}{units}.{cents:02}"


def status(order: Order) -> object:
    # From `with_waiting`.
    return pgettext_lazy("state", "Waiting") if order.waiting else order.get_state_display()  # type: ignore[attr-defined]


def products(order: Order) -> str:
    return ", ".join(names.shown(line.name) for line in order.lines.all())


TOTAL = Column(
    "total",
    _("Total"),
    lambda row: plain(row.total, row.currency),
    ("total", "pk"),
    ("-total", "-pk"),
    look="is-numeric",
)
ORDER_COLUMNS = (
    Column("order", pgettext_lazy("noun", "Order"), str, ("pk",), ("-pk",)),
    Column("status", _("Status"), status),
    Column(
        "ordered",
        _("Ordered"),
        lambda row: dates.iso(row.created_at),
        ("created_at", "pk"),
        ("-created_at", "-pk"),
    ),
    Column("by", _("By"), lambda row: row.actor or "", look="is-optional"),
    Column("products", _("Products"), products, beside=True),
    TOTAL,
)


def orders_of(data: QueryDict) -> Listing:
    states = Filter("state", _("Status"), _("Every status"), OrderState.choices)
    return Listing(ORDERS, data, ORDER_COLUMNS, [states, *DAYS], begins="-order")


def orders(access: Access, listing: Listing) -> QuerySet[Order]:
    """The orders that are wanted: by number, by the name of a product, or by who ordered."""
    rows = Order.objects.filter(listing.within("created_at"), organization=access.organization)
    if state := listing.chosen["state"]:
        rows = rows.filter(state=state)
    if text := listing.query:
        named = Q()
        for each in spellings(text):
            named |= Q(name__icontains=each)
        lines = OrderLine.objects.filter(organization=access.organization).filter(named)
        found = Q(pk__in=lines.order_by().values("order")) | Q(pk=int(text) if is_number(text) else None)
        rows = rows.filter(found | Q(actor__first_name__icontains=text) | Q(actor__last_name__icontains=text))
    return rows


INVOICE_COLUMNS = (
    Column("number", _("Number"), lambda row: row.number, ("pk",), ("-pk",)),
    Column("kind", _("Kind"), lambda row: row.get_kind_display(), beside=True),
    Column("date", _("Date"), lambda row: dates.iso(row.issued_at), ("issued_at", "pk"), ("-issued_at", "-pk")),
    Column("order", pgettext_lazy("noun", "Order"), lambda row: row.order),
    Column("net", _("Without VAT"), lambda row: plain(row.net, row.currency), look="is-numeric is-optional"),
    Column("tax", _("VAT"), lambda row: plain(row.tax, row.currency), look="is-numeric is-optional"),
    TOTAL,
)


def invoices_of(data: QueryDict) -> Listing:
    every = Filter("kind", _("Kind"), _("Invoices and credit notes"), Invoice.Kind.choices)
    return Listing(INVOICES, data, INVOICE_COLUMNS, [every, *DAYS], begins="-number")


def invoices(access: Access, listing: Listing) -> QuerySet[Invoice]:
    """The invoices that are wanted: by a part of their number, or by the number of their order."""
    rows = Invoice.objects.filter(listing.within("issued_at"), organization=access.organization)
    if kind := listing.chosen["kind"]:
        rows = rows.filter(kind=kind)
    if text := listing.query:
        rows = rows.filter(Q(number__icontains=text) | Q(order=int(text) if is_number(text) else None))
    return rows
