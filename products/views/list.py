from collections.abc import Iterable
from typing import Any, cast
from uuid import uuid4

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, Value
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.requests import SignedIn
from manager.web.dates import iso
from manager.web.listing import Column, Filter, Listing, declare
from manager.web.pages import page
from organizations import sheets
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products import elsewhere, names
from products.bulk import ACTIONS
from products.kinds import Kind
from products.models import Product
from products.models.product import ProductQuerySet, State, like

LIST = declare("product_list", "state", "label")
# To choose from; the search finds the others.
LABELS = 100


def dated(field: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """How rows are sorted by a day, and the other way round. Those that have none come last."""
    return (F(field).asc(nulls_last=True), "pk"), (F(field).desc(nulls_last=True), "-pk")


NAME = Column("name", gettext_lazy("Name"), lambda row: names.shown(row.name), ("name", "pk"), ("-name", "-pk"))
STATUS = Column("status", gettext_lazy("Status"), lambda row: row.get_state_display())
PLAN = Column("plan", gettext_lazy("Plan"), lambda row: row.plan.name)
PERIOD = Column("period", gettext_lazy("Period"), lambda row: row.period, shown=False)
ACTIVE = Column(
    "active", gettext_lazy("Active since"), lambda row: iso(row.activated_at), *dated("activated_at"), shown=False
)
EXPIRES = Column("expires", gettext_lazy("Expires"), lambda row: iso(row.expires_at), *dated("expires_at"))
LABEL = Column("label", gettext_lazy("Label"), lambda row: row.label, look="is-optional")
COLUMNS = (NAME, STATUS, PLAN, PERIOD, ACTIVE, EXPIRES, LABEL)


def listing_of(data: QueryDict, kind: Kind, labels: Iterable[str] = ()) -> Listing:
    """`labels`: those to choose from."""
    states = Filter("state", gettext_lazy("Status"), gettext_lazy("All but the cancelled"), State.choices)
    used = [(label, label) for label in labels]
    label = Filter("label", gettext_lazy("Label"), gettext_lazy("All labels"), used, free=True)
    return Listing(f"{LIST}:{kind.slug}", data, COLUMNS, [states, label])


def narrowing(listing: Listing) -> Q:
    """What the products have in common that the list shows, on all of its pages."""
    state, label = listing.chosen["state"], listing.chosen["label"]
    found = Q(state=state) if state else ~Q(state=State.CANCELLED)
    found &= Q(label=label) if label else Q()
    return found & like(listing.query) if listing.query else found


def census(seen: ProductQuerySet, listing: Listing) -> tuple[int, list[str]]:
    """How many the list shows, and the labels of all that the person sees. One query."""
    used = ArrayAgg("label", distinct=True, filter=~Q(label=""), default=Value([]))
    found = seen.order_by().aggregate(number=Count("pk", filter=narrowing(listing)), labels=used)
    return found["number"], found["labels"][:LABELS]


@require_GET
@in_organization(Right.SEE)
def products(request: HttpRequest, access: Access, kind: Kind) -> HttpResponse:
    seen, slug = Product.objects.visible_to(access).of(kind), access.organization.slug
    listing = listing_of(request.GET, kind)
    found = seen.filter(narrowing(listing)).with_work().select_related("plan")
    if listing.wants_file:
        return sheets.of(access, listing, found)
    number, labels = census(seen, listing)
    listing = listing_of(request.GET, kind, labels)
    rows = listing.page(found, count=number)
    for product in rows:
        product.organization = access.organization
    views_url = reverse("saved_views", args=[slug, listing.name])
    context = {"access": access, "kind": kind, "listing": listing, "rows": rows, "views_url": views_url}
    context |= {"bulk": ACTIONS.values(), "key": uuid4()}
    context |= {"chief": access.may(Right.MEMBERS), "mover": access.may(Right.ORDER)}
    if not rows:
        others, user = elsewhere.others(request), cast(SignedIn, request).user
        state = listing.chosen["state"]
        context["elsewhere"] = elsewhere.with_kind(others, user, kind, text=listing.query, state=state)
    return page(request, "products/list.html", context, fragments=["rows"])
