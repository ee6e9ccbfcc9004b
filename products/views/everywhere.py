from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import page
from organizations.gate import memberships, open_memberships
from products import elsewhere, kinds
from products.models.product import State

PAGE = 50
PLACE = ("organization__name", "organization")
SORTS = {
    "name": [F("name").asc(), F("pk").asc()],
    "-name": [F("name").desc(), F("pk").desc()],
    "organization": [*(F(name).asc() for name in PLACE), F("name").asc(), F("pk").asc()],
    "-organization": [*(F(name).desc() for name in PLACE), F("name").asc(), F("pk").asc()],
    "expires": [F("expires_at").asc(nulls_last=True), F("pk").asc()],
    "-expires": [F("expires_at").desc(nulls_last=True), F("pk").desc()],
}


@dataclass(frozen=True)
class Filter:
    """A menu above the list. What is asked for and not among its options filters nothing."""

    name: str
    label: str
    everything: str
    options: list[tuple[str, str | Promise]]
    asked: str

    @property
    def value(self) -> str:
        return self.asked if self.asked in dict(self.options) else ""

    @property
    def shown(self) -> str | Promise:
        return dict(self.options).get(self.value, "")


@require_GET
@signed_in
def everywhere(request: SignedIn) -> HttpResponse:
    """Every product that the person may see, in all of their organizations that are open to them."""
    mine = open_memberships(request)
    places = {each.organization_id: each.organization for each in mine}
    by_slug = [(place.slug, place.name) for place in places.values()]
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "sort", "organization", "kind", "state")}
    menus = [
        Filter("organization", _("Organization"), _("All organizations"), [*by_slug], asked["organization"]),
        Filter("kind", _("Kind"), _("All kinds"), [(each.slug, each.label) for each in kinds.every()], asked["kind"]),
        Filter("state", _("Status"), _("All but the cancelled"), [*State.choices], asked["state"]),
    ]
    organization, kind, state = (menu.value for menu in menus)
    query, sort = asked["q"][:253], asked["sort"] if asked["sort"] in SORTS else "name"
    # The database shows no more organizations than are asked for.
    chosen = [each for each in mine if organization in ("", each.organization.slug)]
    with elsewhere.open_to(chosen):
        rows = elsewhere.visible_in(chosen, request.user)
        rows = rows.filter(state=state) if state else rows.exclude(state=State.CANCELLED)
        rows = rows.filter(kind_slug=kind) if kind else rows
        rows = rows.named_like(query) if query else rows
        rows = rows.with_work().select_related("plan").order_by(*SORTS[sort])
        listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        for product in listing:
            product.organization = places[product.organization_id]
    belongs = memberships(request)
    context: dict[str, Any] = {"listing": listing, "menus": menus, "query": query, "sort": sort, "memberships": belongs}
    closed = [each for each in belongs if each not in mine]
    narrowed = bool(query or organization or kind or state)
    context |= {"closed": closed, "narrowed": narrowed, "narrowing": [menu for menu in menus if menu.value]}
    return page(request, "products/everywhere.html", context, fragments=["rows"])
