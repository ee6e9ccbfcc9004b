from django.utils.translation import gettext_lazy as _

from manager.web.amounts import money
from organizations.sentences import Details, Sentence, Sentences, Text


def amount(details: Details) -> Details:
    minor = details.get("total", details.get("amount"))
    return details | {"sum": money(minor, details["currency"]) if minor is not None else "…"}


SENTENCES: Sentences = {
    "order.place": Sentence(_("%(actor)s placed %(target)s for %(sum)s"), icon="shopping-cart", values=amount),
    "order.pay": Sentence(_("%(actor)s paid %(target)s, %(sum)s"), icon="hand-coins", tone="good", values=amount),
    "order.refuse": Sentence(
        _("A payment of %(sum)s for %(target)s by %(actor)s was refused: %(reason)s"),
        icon="circle-x",
        tone="warning",
        values=amount,
    ),
    "order.cancel": Sentence(_("%(actor)s cancelled %(target)s"), icon="ban"),
    "order.refund": Sentence(
        _("%(sum)s for %(name)s of %(target)s became credit"), icon="undo-2", tone="warning", values=amount
    ),
}
# In the filter of the log.
LABELS: dict[str, Text] = {
    "order.place": _("Order placed"),
    "order.pay": _("Order paid"),
    "order.refuse": _("Payment refused"),
    "order.cancel": _("Order cancelled"),
    "order.refund": _("Became credit"),
}
