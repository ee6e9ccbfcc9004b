"""What a member or a team may do: kind by kind, product by product, and through what."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.gate import in_organization
from organizations.models import Membership, Team
from organizations.roles import Right
from products import effective, kinds
from products.actions.grant import OWN_TEAM, Subject, give, includes
from products.effective import Holding, Single
from products.kinds import Kind, Preset
from products.models import Product
from products.rights_forms import OnTargetsForm, RightsForm

PAGE = 25


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
def member_rights(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    rows = Membership.objects.filter(organization=access.organization, pk=member)
    if (found := rows.select_related("user").first()) is None:
        raise Http404
    by_role = Right.ALL_PRODUCTS in found.rights
    context = {"member": found, "by_role": by_role, "is_own": found.user_id == access.user.pk}
    return answer(request, access, found.user, context | {"closed": by_role or context["is_own"]})


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
def team_rights(request: HttpRequest, access: Access, team: int) -> HttpResponse:
    rows = Team.objects.filter(organization=access.organization, pk=team)
    if (found := rows.select_related("group", "leader").first()) is None:
        raise Http404
    found.organization = access.organization
    context = {"team": found, "number": found.group.user_set.count()}
    closed = OWN_TEAM if includes(found, access) else ""
    return answer(request, access, found, context | {"closed": closed})


def answer(request: HttpRequest, access: Access, subject: Subject, context: dict[str, Any]) -> HttpResponse:
    """The page of rights, or what was posted on it done."""
    context |= {"access": access, "subject": subject}
    if request.method == "GET":
        return page(request, "products/rights.html", context | shown(request, access, subject), fragments=["rows"])
    form = OnTargetsForm(request.POST, access=access, subject=subject)
    if form.is_valid():
        try:
            give(subject, form.targets(), form.wanted(), until=form.cleaned_data["until"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, f"{request.get_full_path()}#{form.place}", _("The rights are saved."))
    return invalid(request, "products/rights.html", context | shown(request, access, subject, form))


@dataclass(frozen=True)
class Row:
    """A whole kind, or a product, with what the subject holds there and the form that changes it."""

    kind: Kind
    holding: Holding
    form: RightsForm
    product: Product | None = None
    # Of a kind: how many products there are, and on how many something is held.
    total: int = 0
    held: int = 0
    # And what was given on single ones, which giving to each of them replaces.
    single: Single | None = None


def shown(request: HttpRequest, access: Access, subject: Subject, form: OnTargetsForm | None = None) -> dict[str, Any]:
    """Every kind, and the products of the one that is open. `form` was refused, and stands where it came from."""
    holder = subject if isinstance(subject, User) else subject.group
    visible = Product.objects.visible_to(access).standing()
    whole = effective.on_kinds(holder, access.organization)
    total, held = effective.numbers(visible), effective.numbers(visible.granted_to(holder))
    chosen = opened(request, form, total)
    singles = effective.singles(subject, access.organization)
    refused = {form.place: form} if form else {}

    def row(place: str, holding: Holding, **more: Any) -> Row:
        return Row(holding.kind, holding, refused.get(place) or RightsForm.of(holding, place), **more)

    context = {
        "form": form,
        "kinds": [
            row(f"all-{slug}", holding, total=total.get(slug, 0), held=held.get(slug, 0), single=singles.get(slug))
            for slug, holding in whole.items()
        ],
        "holds": bool(singles) or any(holding.direct for holding in whole.values()),
        "removing": form.takes_everything if form else "remove" in request.GET,
        "chosen": chosen,
        "everything": refused.get("everything") or RightsForm.for_all("everything", common(whole)),
        "several": refused.get("several") or RightsForm(kind=chosen, auto_id="several-%s"),
        "levels": list(Preset),
    }
    if chosen is None:
        return context
    rows, query = visible.of(chosen), request.GET.get("q", "").strip()[:253]
    if only := request.GET.get("only") == "granted":
        rows = rows.granted_to(holder)
    if query:
        rows = rows.named_like(query)
    listing = Paginator(rows.with_grants_of(holder).order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    present = f"present-{chosen.slug}"
    return context | {
        "query": query,
        "only": only,
        "listing": listing,
        "rows": [
            row(f"product-{each.pk}", effective.on_product(each, whole[chosen.slug].here), product=each)
            for each in listing
        ],
        "ticked": form.ticked if form else [],
        "present": refused.get(present) or RightsForm(kind=chosen, auto_id=f"{present}-%s"),
    }


def opened(request: HttpRequest, form: OnTargetsForm | None, total: dict[str, int]) -> Kind | None:
    """The kind whose products are listed: the one that was asked for, else the first that has some."""
    slug = form.kind.slug if form and form.kind else request.GET.get("kind")
    every = kinds.every()
    if slug is None:
        return next((kind for kind in every if total.get(kind.slug)), every[0])
    return next((kind for kind in every if kind.slug == slug), None)


def common(whole: dict[str, Holding]) -> str:
    """The level that was given on every kind; empty where they differ."""
    levels = {holding.level for holding in whole.values()}
    return (levels.pop() or "") if len(levels) == 1 else ""
