"""Products go from one organization to another: offered by one side, accepted by the other, and given back within 72 h.

Everybody holds the organizations first, then the transfer, then the products.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from manager.web.refused import Refused
from organizations import tenancy
from organizations.access import Access, Denied
from organizations.actions.still import hold, hold_still
from organizations.events import Person, record
from organizations.roles import Right
from products import transfers
from products.actions import handover, moving, transfer_mail
from products.models import Transfer
from products.models.transfer import TransferState


class Closed(Refused):
    """The link opens nothing, or nothing to this person: always in the same words."""

    def __init__(self) -> None:
        super().__init__(_("This link does not open a transfer to you."))


@transaction.atomic(durable=True)
def send(products: Collection[int], *, key: UUID, email: str = "", message: str = "", by: Access) -> Transfer:
    """Whoever holds the link, or has this address, may take the products. The same key gives the same transfer.

    Refused, naming each product that cannot move, and beyond what the sender may do.
    """
    by = hold(by, Right.ORDER)
    if found := transfers.made(by, str(key)):
        return found
    handover.check_room(by.organization, email)
    rows = handover.taken(products, by)
    transfer = handover.offer(rows, key=key, email=email, message=message, by=by)
    record("transfer.send", transfer, by=by, organization=by.organization, number=len(rows), email=email)
    if email:
        transfer_mail.offered(transfer, rows, by.user)
    return transfer


def give(products: Collection[int], target: Access, *, key: UUID, message: str = "", by: Access) -> Transfer:
    """The products belong to another organization of the same person. The same key gives the same transfer."""
    with tenancy.scope(by.organization.pk, target.organization.pk), transaction.atomic(durable=True):
        organizations = hold_still(by.organization.pk, target.organization.pk)
        by, target = handover.current(by, organizations), handover.current(target, organizations)
        if found := transfers.made(by, str(key)):
            return found
        rows = handover.taken(products, by)
        transfer = handover.offer(rows, key=key, target=target.organization, message=message, by=by)
        return handover.carry_out(transfer, rows, target, by)


def accept(organization: int, key: UUID, target: Access) -> Transfer:
    """The products belong to the target, which this person acts for. Said again by them, nothing more happens.

    Closed for a link that is not open to them; Refused, naming each product, where one cannot move any more.
    """
    with tenancy.scope(organization, target.organization.pk), transaction.atomic(durable=True):
        organizations = hold_still(organization, target.organization.pk)
        target = handover.current(target, organizations)
        mine = {"state": TransferState.ACCEPTED, "accepted_by": target.user, "target": target.organization}
        before = Transfer.objects.filter(organization=organization, key=key, **mine)
        if again := before.select_related("organization", "target").first():
            return again
        found = transfers.opened(organization, key, target.user, lock=True)
        if found is None:
            raise Closed
        transfer, giver = found
        if transfer.organization == target.organization:
            raise Refused(_("The products are in %(organization)s already.") % {"organization": target.organization})
        ids = list(transfer.items.values_list("product", flat=True))
        return handover.carry_out(transfer, handover.taken(ids, giver, of=transfer), target, giver)


@transaction.atomic(durable=True)
def withdraw(transfer: Transfer, *, by: Access) -> Transfer:
    """The link opens nothing any more. Denied to who could not give all of the products away themselves."""
    if transfer.organization_id != by.organization.pk:
        raise Refused(_("Only the side that sent it can withdraw it."))
    by = hold(by, Right.ORDER)
    transfer = handover.locked(transfer)
    if not (decision := transfers.in_hand(by, transfer)):
        raise Denied(decision, by)
    if transfer.state == TransferState.WITHDRAWN:
        return transfer
    if transfer.state != TransferState.OPEN:
        raise Refused(_("The other side has answered this transfer already."))
    handover.close(transfer, TransferState.WITHDRAWN)
    record("transfer.withdraw", transfer, by=by, organization=transfer.organization)
    return transfer


def decline(organization: int, key: UUID, *, by: Person) -> Transfer:
    """The products stay where they are, and the link opens nothing any more. Closed where it opens nothing."""
    with tenancy.scope(organization), transaction.atomic(durable=True):
        hold_still(organization)
        found = transfers.opened(organization, key, by.user, lock=True)
        if found is None:
            raise Closed
        transfer, _giver = found
        handover.close(transfer, TransferState.DECLINED)
        # From where somebody of another organization acted is none of this one's business.
        record("transfer.decline", transfer, by=replace(by, address=None), organization=transfer.organization)
        transfer_mail.declined(transfer, by.user)
        return transfer


def undo(transfer: Transfer, *, by: Access) -> Transfer:
    """The products are back, all of them, with the rights that had ended. By the side that received them.

    Refused to who could not give all of them away there, after 72 h, and where one of them changed hands, ended, or is
    being worked on.
    """
    if transfer.target_id != by.organization.pk:
        raise Refused(_("Only the side that received the products can give them back."))
    with tenancy.scope(transfer.organization_id, transfer.target_id), transaction.atomic(durable=True):
        by = handover.current(by, hold_still(transfer.organization_id, transfer.target_id))
        transfer = handover.locked(transfer)
        if transfer.state == TransferState.UNDONE:
            return transfer
        if not transfer.can_be_undone:
            raise Refused(_("The 72 hours in which it could be undone have passed."))
        source = transfer.organization
        if source.deleted_at:
            raise Refused(_("%(organization)s does not exist any more.") % {"organization": source})
        items = list(transfer.items.all())
        rows = handover.returning(items, by)
        moving.move(rows, source, by=by)
        moving.restore(items, source, since=transfer.accepted_at)
        handover.close(transfer, TransferState.UNDONE)
        handover.log("product.transfer.return", transfer, rows, left=by, entered=Person(by.user))
        transfer_mail.undone(transfer, rows, by.user)
        return transfer
