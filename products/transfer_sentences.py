"""What the log says of transfers between organizations."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from organizations.sentences import Details, Sentence, Sentences, Text
from products import kinds


def sent(details: Details) -> Sentence:
    """To an address, or to whoever holds the link."""
    number = int(details.get("number", 1))
    text = (
        _("%(actor)s sent %(target)s to %(email)s") if details.get("email") else _("%(actor)s made a link: %(target)s")
    )
    many = ngettext("%(number)d product", "%(number)d products", number) % {"number": number}
    return Sentence(text, icon="arrow-left-right", note=lambda details: many)


def moved(text: Text) -> Sentence:
    return Sentence(text, icon="arrow-left-right", note=whose)


def whose(details: Details) -> str:
    """Which kind of product it is, and who gave it away."""
    label = next((kind.label_one for kind in kinds.every() if kind.slug == details.get("kind")), "")
    who = gettext("sent by %(person)s") % {"person": details["sender"]} if details.get("sender") else ""
    return ", ".join(str(part) for part in (label, who) if part)


TRANSFERS: Sentences = {
    "transfer.send": sent,
    "transfer.withdraw": Sentence(_("%(actor)s withdrew %(target)s"), icon="undo-2"),
    "transfer.decline": Sentence(_("%(actor)s declined %(target)s"), icon="circle-x"),
    "product.transfer.out": moved(_("%(actor)s took %(target)s over for %(receiver)s: it left %(source)s")),
    "product.transfer.in": moved(_("%(actor)s took %(target)s over from %(source)s")),
    "product.transfer.return.out": moved(_("%(actor)s gave %(target)s back to %(source)s")),
    "product.transfer.return.in": moved(_("%(actor)s gave %(target)s back: %(receiver)s has it no longer")),
}
