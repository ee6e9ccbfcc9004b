"""Products are chosen, and who gets them; what happens is shown; then it is done."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.reauthentication import prove
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products import kinds, transfer_preview, transfers
from products.actions import transfer as actions
from products.models import Product, Transfer
from products.transfer_forms import TransferForm, places

PAGE = 50
TEMPLATE = "products/transfer_create.html"


@require_http_methods(["GET", "POST"])
@in_organization(Right.ORDER)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    about = {"access": access, "places": places(request, access.user, but=access.organization.pk)}
    if request.method == "GET" or "search" in request.POST or "page" in request.POST:
        form = TransferForm.unchecked(request.POST or request.GET, **about)
        return page(request, TEMPLATE, choosing(request, form), fragments=["rows"])
    if found := transfers.made(access, request.POST.get("key", "")):
        return done(request, page_of(access, found), said(found))
    form = TransferForm.sent(request.POST, **about)
    if form.is_valid() and "confirm" not in request.POST:
        return page(request, "products/transfer_confirm.html", confirming(form))
    if form.is_valid():
        prove(request)
        try:
            transfer = carry_out(form)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, page_of(access, transfer), said(transfer))
    return invalid(request, TEMPLATE, choosing(request, form))


def choosing(request: HttpRequest, form: TransferForm) -> dict[str, Any]:
    """A page of the products, with what is chosen already; also what is chosen and not on it."""
    access = form.access
    rows = Product.objects.visible_to(access).with_rights(access).standing()
    rows = rows.filter(kind_slug=form.kind_slug) if form.kind_slug else rows
    rows = rows.named_like(form.query) if form.query else rows
    rows = transfers.judged(rows).select_related("plan").order_by("name", "pk")
    listing = Paginator(rows, PAGE).get_page(request.POST.get("page"))
    shown = [(product, transfers.closed(access, product), product.pk in form.chosen) for product in listing]
    on_it = {product.pk for product in listing}
    return {
        "access": access,
        "form": form,
        "listing": listing,
        "rows": shown,
        "others": [product for pk, product in form.chosen.items() if pk not in on_it],
        "kinds": [(kind.slug, kind.label) for kind in kinds.every()],
        "most": transfers.MOST,
    }


def confirming(form: TransferForm) -> dict[str, Any]:
    """What happens, before it does."""
    target = form.target.organization if form.target else None
    preview = transfer_preview.of(form.access, form.cleaned_data["product"], target=target, reader=form.access)
    return {"access": form.access, "form": form, "preview": preview, "email": form.bound_email, "target": target}


def carry_out(form: TransferForm) -> Transfer:
    data, by = form.cleaned_data, form.access
    about = {"key": data["key"], "message": data["message"], "by": by}
    if form.target:
        return actions.give(data["product"], form.target.access, **about)
    return actions.send(data["product"], email=form.bound_email, **about)


def page_of(access: Access, transfer: Transfer) -> str:
    return reverse("transfer", args=[access.organization.slug, transfer.pk])


def said(transfer: Transfer) -> str:
    if transfer.target:
        number = transfer.items.count()
        text = ngettext(
            "%(number)d product belongs to %(target)s now.", "%(number)d products belong to %(target)s now.", number
        )
        return text % {"number": number, "target": transfer.target}
    if transfer.email:
        return _("The link is on its way to %(email)s.") % {"email": transfer.email}
    return _("The link is ready. Pass it on to the person who accepts.")
