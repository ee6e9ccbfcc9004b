"""The side of who holds the link of a transfer. The signature in it is the authority, and nothing else is read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.reauthentication import prove
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import signed_links, tenancy
from organizations.events import Person
from organizations.gate import client_address, grant_access
from products import transfer_preview, transfers
from products.actions import transfer as actions
from products.models import Transfer
from products.transfer_forms import AcceptForm, Place, places
from products.transfer_preview import Preview

TEMPLATE = "products/transfer_link.html"


@dataclass(frozen=True)
class Offered:
    transfer: Transfer
    preview: Preview


def read(organization: int, key: UUID, user: Any) -> Offered | None:
    """What the link offers, and nothing from elsewhere; None where it opens nothing to this person."""
    with tenancy.scope(organization):
        found = transfers.opened(organization, key, user)
        if found is None:
            return None
        transfer, giver = found
        ids = list(transfer.items.values_list("product", flat=True))
        return Offered(transfer, transfer_preview.of(giver, ids, sent=transfer))


def refused(request: HttpRequest, token: str) -> HttpResponse:
    """One answer, whatever the reason: it says nothing about the link, nor about whom it is for."""
    return page(request, "products/transfer_refused.html", {"token": token}, status=404)


def shown(token: str, offered: Offered, mine: list[Place], form: AcceptForm) -> dict[str, Any]:
    return {"token": token, "transfer": offered.transfer, "preview": offered.preview, "places": mine, "form": form}


@require_GET
@signed_in
def link(request: SignedIn, token: str) -> HttpResponse:
    named = signed_links.unsign(transfers.KIND, token)
    offered = read(*named, request.user) if named else None
    if named is None or offered is None:
        return refused(request, token)
    mine = places(request, request.user, but=named[0])
    return page(request, TEMPLATE, shown(token, offered, mine, AcceptForm(places=mine)))


@require_POST
@signed_in
def accept(request: SignedIn, token: str) -> HttpResponse:
    named = signed_links.unsign(transfers.KIND, token)
    if named is None:
        return refused(request, token)
    mine = places(request, request.user, but=named[0])
    form = AcceptForm(request.POST, places=mine)
    if form.is_valid():
        prove(request)
        try:
            transfer = actions.accept(*named, grant_access(request, form.cleaned_data["organization"]))
        except actions.Closed:
            return refused(request, token)
        except Refused as no:
            no.into(form)
        else:
            return done(request, page_of(transfer), said(transfer))
    if (offered := read(*named, request.user)) is None:
        return refused(request, token)
    return invalid(request, TEMPLATE, shown(token, offered, mine, form))


@require_POST
@signed_in
def decline(request: SignedIn, token: str) -> HttpResponse:
    named = signed_links.unsign(transfers.KIND, token)
    if named is None:
        return refused(request, token)
    try:
        transfer = actions.decline(*named, by=Person(request.user, client_address(request)))
    except actions.Closed:
        return refused(request, token)
    text = _("You declined the products of %(organization)s. They stay where they are.")
    return done(request, "organizations", text % {"organization": transfer.organization})


def page_of(transfer: Transfer) -> str:
    """Its page on the side that took the products."""
    assert transfer.target is not None
    return reverse("transfer", args=[transfer.target.slug, transfer.pk])


def said(transfer: Transfer) -> str:
    with tenancy.scope(transfer.organization_id):
        number = transfer.items.count()
    text = ngettext(
        "%(number)d product belongs to %(target)s now.", "%(number)d products belong to %(target)s now.", number
    )
    return text % {"number": number, "target": transfer.target}
