"""Which products may move between organizations, and which transfers open something, and to whom."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.addresses import is_proved
from accounts.models import User
from organizations import signed_links
from organizations.access import Access
from organizations.decisions import Decision
from organizations.models import Membership
from organizations.roles import Right
from products import names
from products.access import decide
from products.kinds import Permission
from products.models import Product, Transfer, TransferItem
from products.models.product import ProductQuerySet, State
from products.models.transfer import TransferState

# What the signature of its link is for.
KIND = "transfer"
MOST = 200
MOVABLE = (State.ACTIVE, State.SUSPENDED)


def token(transfer: Transfer) -> str:
    return signed_links.sign(KIND, transfer.organization_id, transfer.key)


def link(transfer: Transfer) -> str:
    """The address to open it at: the portal's configured one, whatever the request said."""
    return settings.BASE_URL + path(transfer)


def path(transfer: Transfer) -> str:
    return reverse("transfer_link", args=[token(transfer)])


def judged(rows: ProductQuerySet, *, but: Transfer | None = None) -> ProductQuerySet:
    """products that know what `refusal` asks: whether something is done to them, or a transfer but this one has them"""
    waiting = TransferItem.objects.filter(
        product=OuterRef("pk"), transfer__state=TransferState.OPEN, transfer__expires_at__gt=timezone.now()
    )
    waiting = waiting.exclude(transfer=but) if but else waiting
    return rows.with_work().annotate(in_transfer=Exists(waiting.order_by()))


def refusal(product: Product) -> str:
    """Why the product cannot move now, apart from rights; empty when it can. It comes from `judged`."""
    judgement: Any = product
    if product.state not in MOVABLE:
        text = _("Only what is set up can move, and this is “%(state)s”.")
        return text % {"state": product.get_state_display()}
    if judgement.in_progress:
        return _("Something is being done to it. It can move when that has ended.")
    if judgement.in_transfer:
        return _("It is in another open transfer.")
    return ""


def closed(access: Access, product: Product) -> str:
    """Why this person cannot give the product away; empty when they can. It also comes from `with_rights`."""
    if not (decision := access.decide(Right.ORDER)) or not (decision := decide(access, Permission.LIFECYCLE, product)):
        return str(decision.reason)
    return refusal(product)


def lapsed(giver: Access, product: Product) -> str:
    """Why what this person sent cannot be taken any more, for the other side; empty when it can."""
    if not decide(giver, Permission.LIFECYCLE, product):
        return _("Who sent it may no longer give it away.")
    return refusal(product)


def held(access: Access, ids: Collection[int], *, but: Transfer | None = None) -> dict[int, Product]:
    """Those of the products that the person sees in their organization, as `closed` wants them, by id. One query."""
    rows = Product.objects.visible_to(access).with_rights(access).filter(pk__in=ids)
    found = {product.pk: product for product in judged(rows, but=but).select_related("plan").order_by("name", "pk")}
    for product in found.values():
        product.organization = access.organization
    return found


def in_hand(access: Access, transfer: Transfer) -> Decision:
    """May this person give everything of it away? Who may is shown its link, and withdraws it."""
    decision = access.decide(Right.ORDER)
    if not decision or Right.ALL_PRODUCTS in access.rights:
        return decision
    ids = set(transfer.items.values_list("product", flat=True))
    rows = list(Product.objects.visible_to(access).with_rights(access).filter(pk__in=ids).order_by("name", "pk"))
    for product in rows:
        if not (decision := decide(access, Permission.LIFECYCLE, product)):
            return decision
    return decision if len(rows) == len(ids) else Decision(False, _("You do not see all of its products."))


def returnable(access: Access, items: Sequence[TransferItem]) -> tuple[list[Product], list[str]]:
    """What this person sees of it where it was received, and why not all can go back by their hand, product by product.

    To give back is to give away: whoever may not do one may not do the other.
    """
    found = held(access, [item.product_id for item in items])
    gone = _("It has changed hands since.")
    gone = gone if Right.ALL_PRODUCTS in access.rights else _("It has changed hands since, or is not yours to see.")
    lines = []
    for item in items:
        product = found.get(item.product_id)
        if reason := closed(access, product) if product else gone:
            lines.append(_("%(name)s: %(reason)s") % {"name": names.shown(item.name), "reason": reason})
    return list(found.values()), lines


def made(access: Access, key: str) -> Transfer | None:
    """What this person's form with this key made when it was sent before."""
    try:
        rows = Transfer.objects.filter(key=UUID(key), organization=access.organization, created_by=access.user)
    except ValueError:
        return None
    return rows.select_related("organization", "target").first()


def sender(transfer: Transfer) -> Access | None:
    """The access of who sent it, where they may still enter and give products away. In the organization's scope."""
    rows = Membership.objects.filter(organization=transfer.organization, user=transfer.created_by_id)
    member = rows.filter(user__is_active=True).select_related("user").first()
    if member is None or (transfer.organization.requires_second_factor and not second_factor.has_one(member.user)):
        return None
    access = Access(member.user, transfer.organization, member)
    return access if access.may(Right.ORDER) else None


def is_for(transfer: Transfer, user: User) -> bool:
    """A link opens for whoever holds it; one that is bound to an address, for who has proved that it is theirs."""
    return not transfer.email or is_proved(user, transfer.email)


def opened(organization: int, key: UUID, user: User, *, lock: bool = False) -> tuple[Transfer, Access] | None:
    """The transfer with the access of who sent it, while this person can accept it. In the organization's scope.

    Nothing leaves a deleted organization, nor by the word of somebody who could not send it today.
    """
    rows = Transfer.objects.open().filter(organization=organization, key=key, organization__deleted_at=None)
    rows = rows.select_related("organization", "created_by")
    found = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if found is None or not is_for(found, user):
        return None
    giver = sender(found)
    return (found, giver) if giver else None
