"""Who may do what in an organization. Roles live in code, not in rows; this module imports no model."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    ADMINISTRATOR = "administrator", _("Administrator")
    COLLABORATOR = "collaborator", _("Collaborator")
    EXTERNAL = "external", _("External")

    @property
    def meaning(self) -> str:
        """What it opens, in one sentence."""
        return str(MEANINGS[self])


MEANINGS = {
    Role.LEGAL_REPRESENTATIVE: _("Everything, also appointing legal representatives and deleting the organization"),
    Role.ADMINISTRATOR: _("Everything, except appointing legal representatives and deleting the organization"),
    Role.COLLABORATOR: _("Only the products and rights that are given"),
    Role.EXTERNAL: _("Only the products that are given: for people of another company"),
}


class Right(StrEnum):
    """What one may do in an organization, apart from rights on single products."""

    SEE = "see"
    ALL_PRODUCTS = "all_products"
    ORDER = "order"
    MEMBERS = "members"
    LEGAL = "legal"
    EDIT = "edit"
    BILLING = "billing"
    LOG = "log"
    DELETE = "delete"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Right.SEE: pgettext_lazy("right", "See the organization"),
    Right.ALL_PRODUCTS: pgettext_lazy("right", "All products"),
    Right.ORDER: pgettext_lazy("right", "Order products"),
    Right.MEMBERS: pgettext_lazy("right", "Manage users and rights"),
    Right.LEGAL: pgettext_lazy("right", "Appoint legal representatives"),
    Right.EDIT: pgettext_lazy("right", "Edit the organization"),
    Right.BILLING: pgettext_lazy("right", "Billing"),
    Right.LOG: pgettext_lazy("right", "Activity log"),
    Right.DELETE: pgettext_lazy("right", "Delete the organization"),
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.LEGAL_REPRESENTATIVE: frozenset(Right),
    Role.ADMINISTRATOR: frozenset(Right) - {Right.LEGAL, Right.DELETE},
    Role.COLLABORATOR: frozenset({Right.SEE}),
    Role.EXTERNAL: frozenset({Right.SEE}),
}

# What a program that acts for somebody may have of their rights: products, no administration.
TOKEN_RIGHTS = frozenset({Right.SEE, Right.ALL_PRODUCTS})

# What a flag on the membership adds, for the roles that may carry it.
FLAGS: dict[Role, frozenset[Right]] = {Role.COLLABORATOR: frozenset({Right.ORDER, Right.BILLING})}


def rights(role: Role, *, may_order: bool, has_billing: bool) -> frozenset[Right]:
    """Every right of a membership with this role and these flags."""
    flags = {right for right, held in ((Right.ORDER, may_order), (Right.BILLING, has_billing)) if held}
    return RIGHTS[role] | (flags & FLAGS.get(role, frozenset()))


def givers(right: Right) -> tuple[Role, ...]:
    """The roles of the people who can give this right to somebody who lacks it."""
    return tuple(role for role in (Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR) if right in RIGHTS[role])
