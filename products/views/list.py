from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.requests import SignedIn
from manager.web.pages import page
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products import elsewhere
from products.kinds import Kind
from products.models import Product
from products.models.product import State

PAGE = 50
SORTS = {
    "name": ["name", "pk"],
    "-name": ["-name", "-pk"],
    "expires": ["expires_at", "pk"],
    "-expires": ["-expires_at", "-pk"],
}


@require_GET
@in_organization(Right.SEE)
def products(request: HttpRequest, access: Access, kind: Kind) -> HttpResponse:
    query, state, sort = (request.GET.get(name, "").strip() for name in ("q", "state", "sort"))
    state, sort = state if state in State else "", sort if sort in SORTS else "name"
    rows = Product.objects.visible_to(access).of(kind)
    rows = rows.filter(state=state) if state else rows.exclude(state=State.CANCELLED)
    if query:
        rows = rows.named_like(query[:253])
    rows = rows.with_work().select_related("plan").order_by(*SORTS[sort])
    listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for product in listing:
        product.organization = access.organization
    context = {"access": access, "kind": kind, "listing": listing, "query": query, "state": state, "sort": sort}
    if not listing:
        others, user = elsewhere.others(request), cast(SignedIn, request).user
        context["elsewhere"] = elsewhere.with_kind(others, user, kind, text=query[:253], state=state)
    return page(request, "products/list.html", context | {"states": State.choices}, fragments=["rows"])
