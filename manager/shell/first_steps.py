"""What somebody does first in an organization that has nothing yet."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from manager.shell.attention import Attention
from organizations.access import Access
from organizations.decisions import Decision
from organizations.roles import Right

OPEN = Decision(True)


@dataclass(frozen=True)
class Step:
    icon: str
    title: str
    text: str
    action: str
    url: str
    decision: Decision = OPEN
    is_done: bool = False


def steps(access: Access, attention: Attention) -> list[Step]:
    slug = access.organization.slug
    return [
        Step(
            "shopping-cart",
            _("Order your first product"),
            _("A domain, a hosting or email: it is set up while you watch."),
            _("Order"),
            f"{reverse('order')}?organization={slug}",
            access.decide(Right.ORDER),
        ),
        Step(
            "shield-check",
            _("Protect your login"),
            _("A second factor keeps a stolen password from opening your products."),
            _("Set one up"),
            reverse("mfa_index"),
            is_done=not attention.lacks_second_factor,
        ),
        Step(
            "user-round-plus",
            _("Invite the people you work with"),
            _("Each gets a login of their own, and sees only what you give them."),
            _("Invite"),
            reverse("invite", args=[slug]),
            access.decide(Right.MEMBERS),
            is_done=bool(attention.invited.number),
        ),
        Step(
            "building-2",
            _("Complete the organization"),
            _("Its address and VAT number stand on your invoices, its logo beside its name."),
            _("Open settings"),
            reverse("organization_settings", args=[slug]),
            access.decide(Right.EDIT),
        ),
    ]
