"""Transfers of an organization, sent and received, and what can still be done to each."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.reauthentication import freshly_authenticated
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products import elsewhere, kinds, transfer_preview, transfers
from products.actions import transfer as actions
from products.models import Product, Transfer, TransferItem
from products.models.transfer import TransferState
from products.transfer_forms import Place, places

PAGE = 50
TEMPLATE = "products/transfer.html"


def find(access: Access, number: int) -> Transfer:
    rows = Transfer.objects.visible_to(access).filter(pk=number)
    found = rows.select_related("organization", "target", "created_by", "accepted_by").first()
    if found is None:
        raise Http404
    return found


def here(access: Access, transfer: Transfer) -> str:
    return reverse("transfer", args=[access.organization.slug, transfer.pk])


def shown(request: HttpRequest, access: Access, transfer: Transfer, **context: Any) -> dict[str, Any]:
    """The transfer as this side sees it. Names of people on the other side, beyond who acted, are not among it."""
    items = list(transfer.items.all())
    ours = Product.objects.visible_to(access).filter(pk__in=[item.product_id for item in items])
    links = {product.pk: product.get_absolute_url() for product in ours.select_related("organization")}
    known = {kind.slug: kind for kind in kinds.every()}
    sent = transfer.organization_id == access.organization.pk
    found = {
        "access": access,
        "transfer": transfer,
        "sent": sent,
        "rows": [(item, known.get(item.kind_slug), links.get(item.product_id, "")) for item in items],
        "ended_rights": sum(bool(item.grants) for item in items) if sent else 0,
        "receiver": giving_back(receiver(request, access, transfer), items) if transfer.can_be_undone else None,
    }
    if sent and transfer.is_open:
        found |= waiting(access, transfer, [item.product_id for item in items])
    return found | context


def waiting(access: Access, transfer: Transfer, ids: list[int]) -> dict[str, Any]:
    """What happens when it is accepted; nothing does when who sent it may no longer."""
    giver, in_hand = transfers.sender(transfer), transfers.in_hand(access, transfer)
    if giver is None:
        return {"in_hand": in_hand, "is_dead": True}
    preview = transfer_preview.of(giver, ids, sent=transfer, reader=access)
    # The link is worth as much as the products.
    return {"in_hand": in_hand, "link": transfers.link(transfer) if in_hand else "", "preview": preview}


def receiver(request: HttpRequest, access: Access, transfer: Transfer) -> Place | None:
    """The person on the side that received; None where they are not on it."""
    if transfer.target_id == access.organization.pk:
        return Place(access, "")
    mine = places(request, access.user, but=access.organization.pk)
    return next((each for each in mine if each.organization.pk == transfer.target_id), None)


def giving_back(place: Place | None, items: list[TransferItem]) -> Place | None:
    """The same, with the reason why the products cannot go back by this person's hand."""
    if place is None or place.reason:
        return place
    with elsewhere.open_to([place.access.membership]):
        _products, stuck = transfers.returnable(place.access, items)
    return Place(place.access, " ".join(stuck))


@require_GET
@in_organization(Right.ORDER)
def all_transfers(request: HttpRequest, access: Access) -> HttpResponse:
    rows = Transfer.objects.visible_to(access).select_related("organization", "target")
    rows = rows.annotate(number=Count("items"), first=Min("items__name")).order_by("-pk")
    listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    # Whoever has to be asked product by product withdraws on the page of the transfer.
    about = {"access": access, "listing": listing, "all_in_hand": access.may(Right.ALL_PRODUCTS)}
    return page(request, "products/transfers.html", about)


@require_GET
@in_organization(Right.ORDER)
def detail(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    return page(request, TEMPLATE, shown(request, access, find(access, number)))


@require_POST
@in_organization(Right.ORDER)
def withdraw(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    transfer = find(access, number)
    text = _("The transfer is withdrawn: its link opens nothing any more.")
    return act(request, access, transfer, lambda: actions.withdraw(transfer, by=access), text)


@require_POST
@in_organization(Right.ORDER)
@freshly_authenticated
def undo(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    transfer = find(access, number)
    undoing = transfer.state in (TransferState.ACCEPTED, TransferState.UNDONE)
    place = receiver(request, access, transfer) if undoing else None
    if place and place.reason:
        return invalid(request, TEMPLATE, shown(request, access, transfer, refusal=place.reason))
    by = place.access if place else access
    text = _("The products are back in %(organization)s.") % {"organization": transfer.organization}
    return act(request, access, transfer, lambda: actions.undo(transfer, by=by), text)


def act(
    request: HttpRequest, access: Access, transfer: Transfer, action: Callable[[], Transfer], text: str
) -> HttpResponse:
    try:
        action()
    except Refused as refused:
        fresh = find(access, transfer.pk)
        return invalid(request, TEMPLATE, shown(request, access, fresh, refusal=str(refused.message)))
    # What went back may have been all that they saw of it.
    stays = Transfer.objects.visible_to(access).filter(pk=transfer.pk).exists()
    every = reverse("transfers", args=[access.organization.slug])
    return done(request, here(access, transfer) if stays else every, text)
