"""What an invitation says to whoever holds its link."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from organizations import invitations, signed_links, tenancy
from organizations.models import Invitation, Organization, Team
from organizations.roles import RIGHTS, Role, rights
from products import names
from products.actions.invitation import targets
from products.models import Product
from products.summary import level_label


@dataclass(frozen=True)
class Offer:
    invitation: Invitation
    organization: Organization
    inviter: str
    role: Role
    # By name, for the invited person only.
    teams: list[str]
    rights: list[str]
    # How many of each, for everybody who holds the link.
    team_count: int
    product_count: int
    kind_count: int

    @property
    def flags(self) -> list[str]:
        """The rights in the organization that come on top of the role's."""
        flags = {"may_order": self.invitation.may_order, "has_billing": self.invitation.has_billing}
        return [right.label for right in sorted(rights(self.role, **flags) - RIGHTS[self.role])]


def read(token: str, user: Any) -> Offer | None:
    """What the token says, and nothing from elsewhere; None where it opens nothing, or nothing to this person."""
    named = signed_links.unsign(invitations.KIND, token)
    if named is None:
        return None
    with tenancy.scope(named[0]):
        found = invitations.opened(*named)
        if found is None or (user.is_authenticated and not invitations.is_for(found[0], user)):
            return None
        return tell(found[0], by_name=user.is_authenticated)


def tell(invitation: Invitation, *, by_name: bool) -> Offer:
    """What the invitation gives, of what is still there. In the organization's scope."""
    organization = invitation.organization
    teams = Team.objects.filter(organization=organization, pk__in=invitation.teams)
    found, named = list(targets(invitation)), list(teams.values_list("name", flat=True))
    products = [target for target, _permissions in found if isinstance(target, Product)]
    return Offer(
        invitation=invitation,
        organization=organization,
        inviter=str(invitation.invited_by),
        role=Role(invitation.role),
        teams=named if by_name else [],
        rights=[line(target, permissions) for target, permissions in found] if by_name else [],
        team_count=len(named),
        product_count=len(products),
        kind_count=len(found) - len(products),
    )


def line(target: Any, permissions: list[str]) -> str:
    """Hosting acme.ch: Technical."""
    if isinstance(target, Product):
        level = level_label(target.kind, frozenset(permissions))
        what = {"kind": target.kind.label_one, "name": names.shown(target.name), "level": level}
        return _("%(kind)s %(name)s: %(level)s") % what
    level = level_label(target, frozenset(permissions))
    return _("%(kind)s, all and future ones: %(level)s") % {"kind": target.label, "level": level}
