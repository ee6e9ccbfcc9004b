from typing import Any

from django.db.models import F
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.listing import Column, Filter, Listing
from manager.web.pages import page
from organizations import sheets
from organizations.gate import memberships, open_memberships
from organizations.models import Membership
from products import elsewhere, kinds, names
from products.models import Product
from products.models.product import ProductQuerySet, State
from products.views.list import EXPIRES, LABEL, PLAN, STATUS

PLACE = ("organization__name", "organization")
NAME = Column("name", gettext_lazy("Name"), lambda row: names.shown(row.name), ("name", "pk"), ("-name", "-pk"))
ORGANIZATION = Column(
    "organization",
    gettext_lazy("Organization"),
    lambda row: row.organization,
    (*(F(name).asc() for name in PLACE), F("name").asc(), F("pk").asc()),
    (*(F(name).desc() for name in PLACE), F("name").asc(), F("pk").asc()),
)
KIND = Column("kind", gettext_lazy("Kind"), lambda row: row.kind.label_one, beside=True)
COLUMNS = (NAME, KIND, ORGANIZATION, STATUS, PLAN, EXPIRES, LABEL)


def listing_of(data: QueryDict, mine: list[Membership]) -> Listing:
    places = [(each.organization.slug, each.organization.name) for each in mine]
    every = [(each.slug, each.label) for each in kinds.every()]
    filters = [
        Filter("organization", _("Organization"), _("All organizations"), places),
        Filter("kind", _("Kind"), _("All kinds"), every),
        Filter("state", _("Status"), _("All but the cancelled"), State.choices),
    ]
    return Listing("everywhere", data, COLUMNS, filters)


def wanted(rows: ProductQuerySet, listing: Listing) -> ProductQuerySet:
    state, kind = listing.chosen["state"], listing.chosen["kind"]
    rows = rows.filter(state=state) if state else rows.exclude(state=State.CANCELLED)
    rows = rows.filter(kind_slug=kind) if kind else rows
    rows = rows.named_like(listing.query) if listing.query else rows
    return rows.with_work().select_related("plan")


@require_GET
@signed_in
def everywhere(request: SignedIn) -> HttpResponse:
    """Every product that the person may see, in all of their organizations that are open to them."""
    mine = open_memberships(request)
    places = {each.organization_id: each.organization for each in mine}

    def placed(products: list[Product]) -> list[Product]:
        for product in products:
            product.organization = places[product.organization_id]
        return products

    listing = listing_of(request.GET, mine)
    # The database shows no more organizations than are asked for.
    chosen = [each for each in mine if listing.chosen["organization"] in ("", each.organization.slug)]
    with elsewhere.open_to(chosen):
        found = wanted(elsewhere.visible_in(chosen, request.user), listing)
        if listing.wants_file:
            return sheets.answer(listing, found, "products", lambda: elsewhere.open_to(chosen), placed)
        rows = listing.page(found)
        placed(list(rows))
    belongs = memberships(request)
    context: dict[str, Any] = {"listing": listing, "rows": rows, "memberships": belongs}
    context["narrowing"] = [chip for chip in listing.chips if chip.chosen]
    context["closed"] = [each for each in belongs if each not in mine]
    return page(request, "products/everywhere.html", context, fragments=["rows"])
