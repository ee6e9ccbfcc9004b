"""The parts of a transfer: what is locked, checked and written. Each is a part of its caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from manager.web.refused import Refused
from organizations import limits
from organizations.access import Access
from organizations.actions import still
from organizations.events import Actor, Person, record
from organizations.models import Organization
from organizations.roles import Right
from products import names, transfers
from products.actions import moving, transfer_mail
from products.models import Product, Transfer, TransferItem
from products.models.transfer import TransferState

MOST_OPEN = 50
# Sending and withdrawing is no way to send mail after mail.
MOST_A_DAY = 100


def current(access: Access, held: dict[int, Organization]) -> Access:
    """The person with the rights they have now. Denied without the right to order."""
    access = still.current(access, held)
    access.require(Right.ORDER)
    return access


def check_room(organization: Organization, email: str) -> None:
    """Refused where too many transfers wait or were sent today, and for an address that got enough of our links."""
    rows = Transfer.objects.filter(organization=organization)
    if rows.open().count() >= MOST_OPEN:
        text = _("%(number)d transfers may be open at once. Withdraw one of them first.")
        raise Refused(text % {"number": MOST_OPEN})
    today = rows.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        text = _("An organization sends up to %(number)d transfers a day. Try again tomorrow.")
        raise Refused(text % {"number": MOST_A_DAY})
    if email:
        limits.check_addresses([email], field="email")


def taken(ids: Collection[int], giver: Access, *, of: Transfer | None = None) -> list[Product]:
    """The giver's products, locked; Refused, with the reasons, unless all of them can move. `of` has them already."""
    if not 0 < len(ids) <= transfers.MOST:
        raise Refused(_("Choose up to %(number)d products.") % {"number": transfers.MOST}, field="product")
    lock(ids, giver.organization)
    found = transfers.held(giver, ids, but=of)
    against = transfers.lapsed if of else transfers.closed
    lines = [line(product, reason) for product in found.values() if (reason := against(giver, product))]
    if missing := len(set(ids)) - len(found):
        text = _("Products that are no longer in %(organization)s: %(number)d.")
        lines.append(text % {"organization": giver.organization, "number": missing})
    if lines:
        raise Refused(" ".join(lines), field="product")
    return list(found.values())


def returning(items: Sequence[TransferItem], by: Access) -> list[Product]:
    """The products of the transfer, locked; Refused, with the reasons, unless this person can give all of them back."""
    lock([item.product_id for item in items], by.organization)
    found, stuck = transfers.returnable(by, items)
    if stuck:
        raise Refused(" ".join([_("All products go back together, or none."), *stuck]))
    return found


def lock(ids: Collection[int], organization: Organization) -> None:
    """Nobody else changes these products of the organization until the transaction ends; they are read after that."""
    rows = Product.objects.select_for_update(of=("self",)).filter(pk__in=ids, organization=organization)
    list(rows.order_by("pk").values_list("pk"))


def line(product: Product, reason: str) -> str:
    return _("%(name)s: %(reason)s") % {"name": names.shown(product.name), "reason": reason}


def offer(
    products: Sequence[Product],
    *,
    key: UUID,
    email: str = "",
    target: Organization | None = None,
    message: str,
    by: Access,
) -> Transfer:
    """The transfer exists, with its products."""
    sides = {"organization": by.organization, "target": target}
    transfer = Transfer(**sides, key=key, email=email, message=message, created_by=by.user)
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("This form was sent before. Open it again.")) from error
    TransferItem.objects.bulk_create(
        TransferItem(transfer=transfer, product=product, name=product.name, kind_slug=product.kind_slug, **sides)
        for product in products
    )
    return transfer


def carry_out(transfer: Transfer, products: Sequence[Product], target: Access, giver: Access) -> Transfer:
    """The products move, both logs say so, and both sides are told. Everything is locked and checked."""
    ended = moving.move(products, target.organization, by=giver)
    items = list(transfer.items.all())
    for item in items:
        item.target, item.grants = target.organization, ended.get(item.product_id, [])
    TransferItem.objects.bulk_update(items, ["target", "grants"])
    transfer.target, transfer.accepted_by, transfer.accepted_at = target.organization, target.user, timezone.now()
    transfer.state = TransferState.ACCEPTED
    transfer.save(update_fields=["target", "accepted_by", "accepted_at", "state"])
    # Each log tells from where its own side acted, and nothing of the other's.
    left: Actor = giver if giver.user == target.user else Person(target.user)
    log("product.transfer", transfer, products, left=left, entered=target)
    transfer_mail.moved(transfer, products, target.user)
    return transfer


def log(verb: str, transfer: Transfer, products: Sequence[Product], *, left: Actor, entered: Actor) -> None:
    """Each product has a line in the log of the side that it left, and of the side where it is."""
    sides: Any = (transfer.organization, transfer.target)
    away, here = reversed(sides) if transfer.state == TransferState.UNDONE else sides
    told = {
        "transfer": transfer.pk,
        "source": sides[0].name,
        "receiver": sides[1].name,
        "sender": str(transfer.created_by or ""),
    }
    for product in products:
        record(f"{verb}.out", product, by=left, organization=away, kind=product.kind_slug, **told)
        record(f"{verb}.in", product, by=entered, organization=here, kind=product.kind_slug, **told)


def locked(transfer: Transfer) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organization", "target", "created_by").get(pk=transfer.pk)


def close(transfer: Transfer, state: TransferState) -> None:
    transfer.state, transfer.ended_at = state, timezone.now()
    transfer.save(update_fields=["state", "ended_at"])
