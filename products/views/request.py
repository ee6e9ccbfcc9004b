from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manager.web.lists import either
from manager.web.pages import done, invalid, own_path, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.gate import in_organization
from organizations.models import Membership
from organizations.proof import prove_for_role
from organizations.roles import Right, Role
from products import asking
from products.actions import gift
from products.actions import request as actions
from products.forms import AskForm, ReplyForm
from products.models import AccessRequest, Product
from products.models.request import RequestState

PAGE = 20
DECIDED = 50
TEMPLATE = "products/requests.html"


def shown(
    request: HttpRequest, access: Access, refused: tuple[int, ReplyForm] | None = None, **context: Any
) -> dict[str, Any]:
    """One's own requests; for who decides, also those that wait, each with a form for the answer, and the last answers.

    `refused`: the form that had errors, with the number of its request.
    """
    rows = AccessRequest.objects.filter(organization=access.organization)
    rows = rows.select_related("user", "product", "decided_by")
    offered = [] if access.viewer else asking.offered(access)
    wanted = {"right": request.GET.get("right", "")}
    found = {
        "access": access,
        "mine": rows.filter(user=access.user)[:DECIDED],
        "offered": offered,
        "ask_form": AskForm(offered=offered, initial=wanted),
        "deciding": access.may(Right.MEMBERS),
    }
    if found["deciding"]:
        member = Membership.objects.filter(organization=access.organization, user=OuterRef("user"))
        waiting = rows.filter(state=RequestState.OPEN).annotate(role=Subquery(member.values("role")[:1]))
        decided = rows.exclude(state=RequestState.OPEN).order_by("-decided_at", "-pk")[:DECIDED]
        inbox: Any = Paginator(waiting.order_by("pk"), PAGE).get_page(request.GET.get("page"))
        ends = gift.ends(inbox)
        for row in inbox:
            row.until = ends.get(row.pk)
            row.form = refused[1] if refused and refused[0] == row.pk else reply_form(row.pk)
        found |= {"inbox": inbox, "decided": decided}
    return found | context


def reply_form(pk: int, data: Any = None) -> ReplyForm:
    """Each with ids of its own: several stand on one page."""
    return ReplyForm(data, auto_id=f"reply-{pk}-%s")


@require_GET
@in_organization(Right.SEE)
def access_requests(request: HttpRequest, access: Access) -> HttpResponse:
    return page(request, TEMPLATE, shown(request, access))


@require_POST
@in_organization(Right.SEE)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    form = AskForm(request.POST, offered=asking.offered(access))
    if form.is_valid():
        data = form.cleaned_data
        product = visible(access, data["product"]) if data["product"] else None
        waiting = AccessRequest.objects.filter(organization=access.organization, user=access.user)
        waiting = waiting.filter(right=data["right"], product=product, state=RequestState.OPEN)
        again = waiting.exists()
        try:
            actions.ask(data["right"], product, data["message"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            names = either(access.helpers())
            text = _("You asked for it. %(names)s can answer; you are told by mail.")
            if again:
                text = _("You asked for it already. %(names)s can answer; you are told by mail.")
            return done(request, own_path(data["next"]) if data["next"] else here(access), text % {"names": names})
    return invalid(request, TEMPLATE, shown(request, access, ask_form=form))


def visible(access: Access, pk: int) -> Product:
    """The product with the person's rights; what they may not see does not exist."""
    product = Product.objects.visible_to(access).with_rights(access).filter(pk=pk).first()
    if product is None:
        raise Http404
    return product


@require_POST
@in_organization(Right.MEMBERS)
def grant(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    asked = find(access, number)
    if not asked.product_id and asked.right in asking.BY_ROLE:
        prove_for_role(request, Role.ADMINISTRATOR)
    url = rights_url(access, asked) if asked.right == asking.PRODUCTS else ""
    return act(request, access, lambda: actions.grant(asked, by=access), granted, url)


def granted(asked: AccessRequest) -> str:
    if asked.reply:
        return _("The request is closed: %(reason)s") % {"reason": asked.reply}
    if asked.right == asking.PRODUCTS and not asked.product_id:
        return _("Choose what %(person)s may do on which products.") % {"person": asked.user}
    return _("%(person)s has it now.") % {"person": asked.user}


@require_POST
@in_organization(Right.MEMBERS)
def decline(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    asked, form = find(access, number), reply_form(number, request.POST)
    if not form.is_valid():
        return invalid(request, TEMPLATE, shown(request, access, refused=(asked.pk, form)))
    reply = form.cleaned_data["reply"]
    return act(request, access, lambda: actions.decline(asked, reply, by=access), lambda _asked: _("It is declined."))


@require_POST
@in_organization(Right.SEE)
def withdraw(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    asked = find(access, number, user=access.user)
    return act(request, access, lambda: actions.withdraw(asked, by=access), lambda _asked: _("It is withdrawn."))


def find(access: Access, number: int, **where: Any) -> AccessRequest:
    rows = AccessRequest.objects.filter(organization=access.organization, pk=number, **where)
    if (found := rows.select_related("user").first()) is None:
        raise Http404
    return found


def act(
    request: HttpRequest,
    access: Access,
    action: Callable[[], AccessRequest],
    message: Callable[[AccessRequest], str],
    url: str = "",
) -> HttpResponse:
    try:
        asked = action()
    except Refused as refused:
        return invalid(request, TEMPLATE, shown(request, access, refusal=str(refused.message)))
    return done(request, url or here(access), message(asked))


def here(access: Access) -> str:
    return reverse("access_requests", args=[access.organization.slug])


def rights_url(access: Access, asked: AccessRequest) -> str:
    """Where the rights of whoever asked are given; empty when they are no member any more."""
    member = Membership.objects.filter(organization=access.organization, user=asked.user_id).first()
    return reverse("member_rights", args=[access.organization.slug, member.pk]) if member else ""
