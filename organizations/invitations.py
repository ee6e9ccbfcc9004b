"""Which invitations open something, and to whom."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.addresses import is_proved
from accounts.models import User
from organizations import signed_links
from organizations.access import Access
from organizations.models import Invitation, Membership
from organizations.roles import Right, Role

# What the signature of its link is for.
KIND = "invitation"


def token(invitation: Invitation) -> str:
    return signed_links.sign(KIND, invitation.organization_id, invitation.key)


def link(invitation: Invitation) -> str:
    """The address to open it at: the portal's configured one, whatever the request said."""
    return settings.BASE_URL + path(invitation)


def path(invitation: Invitation) -> str:
    return reverse("invitation", args=[token(invitation)])


def opened(organization: int, key: UUID, *, lock: bool = False) -> tuple[Invitation, Access] | None:
    """The invitation with the access of who invited, while it can be accepted. In the organization's scope.

    Nobody joins a deleted organization, nor by the word of somebody who could not invite them today.
    """
    rows = Invitation.objects.open().filter(organization=organization, key=key, organization__deleted_at=None)
    rows = rows.select_related("organization", "invited_by")
    found = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if found is None or (found.membership_expires_at and found.membership_expires_at <= timezone.now()):
        return None
    giver = inviter(found)
    return (found, giver) if giver else None


def inviter(invitation: Invitation) -> Access | None:
    """The access of who invited, where they may enter and it still covers the role that they offered."""
    rows = Membership.objects.filter(organization=invitation.organization, user=invitation.invited_by_id)
    member = rows.filter(user__is_active=True).select_related("user").first()
    access = Access(member.user, invitation.organization, member) if member else None
    if access is None or not covers(access, invitation.role):
        return None
    # Whoever is kept out invites nobody in their place.
    kept_out = invitation.organization.requires_second_factor and not second_factor.has_one(access.user)
    return None if kept_out else access


def covers(access: Access, role: str) -> bool:
    """This person may invite to this role."""
    return access.may(Right.MEMBERS) and (role != Role.LEGAL_REPRESENTATIVE or access.may(Right.LEGAL))


def is_for(invitation: Invitation, user: User) -> bool:
    """The invitation is bound to this person: to the address that they have proved to be theirs."""
    return is_proved(user, invitation.email)
