"""Search: products of this organization and of the person's others, pages, actions and guides.

Products are exactly what `products.elsewhere.visible_in` shows, so nothing that the lists do not show.
"""

from dataclasses import dataclass, field
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import SignedIn
from manager.help import guides as help_guides
from manager.shell import commands
from manager.shell.counts import Counted
from manager.web.gate import signed_in
from manager.web.pages import page
from organizations import tenancy
from organizations.access import Access
from organizations.gate import in_organization, open_memberships
from organizations.models import Membership, Organization
from organizations.roles import Right
from products import elsewhere
from products.models import Product
from products.models.product import ProductQuerySet

# Shown of this organization, or of all of them; of the others; and of the guides.
MOST, MOST_ELSEWHERE, MOST_GUIDES = 20, 8, 5
# What begins with one of these looks for nothing else.
ONLY = {">": "commands", "?": "guides"}


@dataclass
class Found:
    here: list[Product] = field(default_factory=list)
    elsewhere: list[Product] = field(default_factory=list)
    # There is more than is shown.
    more: bool = False
    pages: list[commands.Hit] = field(default_factory=list)
    actions: list[commands.Hit] = field(default_factory=list)
    guides: list[help_guides.Found] = field(default_factory=list)

    @property
    def commands(self) -> bool:
        """Some page or action fits, so that finding no product is no news."""
        return bool(self.pages or self.actions)

    @property
    def number(self) -> int:
        products = len(self.here) + len(self.elsewhere)
        return products + len(self.pages) + len(self.actions) + len(self.guides)


@require_GET
@in_organization(Right.SEE)
def search(request: HttpRequest, access: Access) -> HttpResponse:
    # Whoever looks as somebody else sees nothing of their own.
    places = [access.membership] if access.viewer else open_memberships(request)
    return answer(request, access.user, places, access)


@require_GET
@signed_in
def search_everywhere(request: SignedIn) -> HttpResponse:
    return answer(request, request.user, open_memberships(request), None)


def answer(request: HttpRequest, user: User, places: list[Membership], access: Access | None) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:253]
    only, words = ONLY.get(query[:1], ""), query.lstrip(">? ")
    found = products(request, user, places, access, words) if words and places and not only else Found()
    if only != "guides":
        others = [
            each.organization for each in places if access is None or each.organization_id != access.organization.pk
        ]
        found.pages = [] if only else commands.find(commands.pages(access), words)
        found.actions = commands.find(commands.actions(access), words) + commands.switches(others, words)
    if only != "commands" and words:
        found.guides = help_guides.search(words)[:MOST_GUIDES]
    context = {"access": access, "query": query, "words": words, "found": found, "several": len(places) > 1}
    return page(request, "shell/search.html", context, fragments={"palette-results": "results"})


def products(request: HttpRequest, user: User, places: list[Membership], access: Access | None, words: str) -> Found:
    # Not closed again before the end of the request: that would be one more question with every letter typed.
    opened = frozenset(each.organization_id for each in places)
    request = cast(Counted, request)
    tenancy.enter(user=request.user.pk, organizations=opened)
    request.whole = elsewhere.kinds_in(places, user)
    rows = elsewhere.visible_in(places, user, request.whole).standing().resembling(words)
    return find(rows, places, access.organization if access else None)


def find(rows: ProductQuerySet, places: list[Membership], here: Organization | None) -> Found:
    """One query. What begins as was typed comes first, then what contains it, then what resembles it."""
    names = {each.organization_id: each.organization for each in places if not here or each.organization_id != here.pk}
    names |= {here.pk: here} if here else {}
    if here is None:
        hits = list(rows[: MOST + 1])
    else:
        others = rows.exclude(organization=here)[: MOST_ELSEWHERE + 1]
        hits = list(rows.filter(organization=here)[: MOST + 1].union(others, all=True))
    hits.sort(key=lambda product: (product.rank, -product.similarity, product.name, product.pk))
    for product in hits:
        product.organization = names[product.organization_id]
    mine = [product for product in hits if product.organization == here]
    theirs = [product for product in hits if product.organization != here]
    most = MOST_ELSEWHERE if here else MOST
    more = len(mine) > MOST or len(theirs) > most
    return Found(mine[:MOST], theirs[:most], more)
