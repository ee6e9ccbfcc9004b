"""Who may do what with one product: members and teams, directly and through what."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.models import Membership, Team
from organizations.roles import Right
from products import effective
from products.access import on_product
from products.actions.grant import OWN_TEAM, give
from products.effective import Holding
from products.kinds import Permission, Preset
from products.models import Product
from products.rights_forms import OnProductForm, RightsForm

PAGE = 50


def shown(request: HttpRequest, access: Access, product: Product, form: OnProductForm | None = None) -> dict[str, Any]:
    """Teams and members with what they may do on the product, and through what. `form` was refused."""
    query = request.GET.get("q", "").strip()[:120]
    teams = list(found_teams(access, query)[: PAGE + 1])
    held = effective.of_groups(product, [team.group_id for team in teams])
    listing = Paginator(found_members(access, query), PAGE).get_page(request.GET.get("page"))
    holdings = effective.of_people(product, [member.user_id for member in listing])
    refused = {form.place: form} if form else {}

    def row(place: str, holding: Holding, **subject: Any) -> dict[str, Any]:
        return {"holding": holding, "form": refused.get(place) or RightsForm.of(holding, place)} | subject

    place = [access.organization.slug, product.kind_slug, product.pk]
    parameters = f"?{request.GET.urlencode()}" if request.GET else ""
    return {
        "access": access,
        "product": product,
        "kind": product.kind,
        "form": form,
        "here": reverse("product_access", args=place),
        "action": reverse("product_grant", args=place) + parameters,
        "query": query,
        "listing": listing,
        "teams": [row(f"team-{team.pk}", held[team.group_id], team=team) for team in teams[:PAGE]],
        "more_teams": len(teams) > PAGE,
        "own_team": OWN_TEAM,
        "rows": [
            row(
                f"member-{member.user_id}",
                holdings[member.user_id],
                member=member,
                by_role=Right.ALL_PRODUCTS in member.rights,
            )
            for member in listing
        ],
        "levels": list(Preset),
    }


def found_members(access: Access, query: str) -> QuerySet[Membership]:
    rows = Membership.objects.filter(organization=access.organization)
    return (rows.of_people_like(query) if query else rows).by_name()


def found_teams(access: Access, query: str) -> QuerySet[Team]:
    rows = Team.objects.filter(organization=access.organization)
    mine = Exists(rows.filter(pk=OuterRef("pk"), group__user=access.user))
    return (rows.filter(name__icontains=query) if query else rows).annotate(is_mine=mine)


@require_GET
@on_product(Permission.VIEW, Right.MEMBERS)
def product_access(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return page(request, "products/access.html", shown(request, access, product), fragments=["people"])


@require_POST
@on_product(Permission.VIEW, Right.MEMBERS)
def grant(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    form = OnProductForm(request.POST, access=access, kind=product.kind)
    if form.is_valid():
        try:
            give(form.subject, [product], form.wanted(), until=form.cleaned_data["until"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            back = request.get_full_path().replace("/access/set/", "/access/", 1)
            return done(request, f"{back}#{form.place}", _("The rights are saved."))
    return invalid(request, "products/access.html", shown(request, access, product, form))
