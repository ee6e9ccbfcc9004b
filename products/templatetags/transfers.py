"""What pages say of transfers: `{% load transfers %}`."""

from django import template
from django.utils.translation import pgettext_lazy

from manager.web.states import Look
from products import transfers
from products.models import Product, Transfer
from products.models.transfer import TransferState

register = template.Library()

LOOKS = {
    TransferState.OPEN: Look(pgettext_lazy("state", "Waiting for the other side"), "hourglass", "warning"),
    TransferState.ACCEPTED: Look(pgettext_lazy("state", "Done"), "circle-check", "good"),
    TransferState.DECLINED: Look(pgettext_lazy("state", "Declined"), "circle-x", "neutral"),
    TransferState.WITHDRAWN: Look(pgettext_lazy("state", "Withdrawn"), "undo-2", "neutral"),
    TransferState.UNDONE: Look(pgettext_lazy("state", "Given back"), "undo-2", "neutral"),
}
EXPIRED = Look(pgettext_lazy("state", "Expired"), "hourglass", "neutral")


@register.filter
def transfer_look(transfer: Transfer) -> Look:
    """`{% status transfer|transfer_look %}`: its badge."""
    is_over = transfer.state == TransferState.OPEN and not transfer.is_open
    return EXPIRED if is_over else LOOKS[TransferState(transfer.state)]


@register.filter
def transfer_refusal(product: Product) -> str:
    """`{{ product|transfer_refusal }}`: why it cannot move now, apart from rights; empty when it can. One query."""
    judged = transfers.judged(Product.objects.filter(organization=product.organization_id, pk=product.pk)).first()
    return transfers.refusal(judged) if judged else ""
