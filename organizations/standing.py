"""What may be done to a member, and why not. Actions refuse by it, and pages grey by it: both say the same."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from organizations.access import Access
from organizations.models import Membership
from organizations.roles import FLAGS, Right, Role

LEGAL = Role.LEGAL_REPRESENTATIVE


def representatives(access: Access) -> frozenset[int]:
    """The memberships of the legal representatives who are there to stay. One query."""
    rows = Membership.objects.filter(organization=access.organization).representing()
    return frozenset(rows.values_list("pk", flat=True))


def reminded(access: Access) -> frozenset[int]:
    """Those of them who are told what is to be paid. One query."""
    rows = Membership.objects.filter(organization=access.organization).representing()
    return frozenset(rows.filter(wants_billing_mail=True).values_list("pk", flat=True))


def is_last(member: Membership, staying: Collection[int]) -> bool:
    """Without this member nobody would represent the organization."""
    return set(staying) == {member.pk}


def last_stays() -> str:
    return _("This is the last legal representative. Make somebody else one first.")


def against_change(member: Membership, by: Access) -> str:
    """Why this person may not change the member's role, access period or suspension; empty when they may."""
    if not (decision := by.decide(Right.MEMBERS)):
        return str(decision.reason)
    if member.user_id == by.user.pk:
        return _("Nobody changes their own membership. Ask another administrator.")
    if member.role == LEGAL and not by.may(Right.LEGAL):
        return _("Only a legal representative changes another one.")
    return ""


def against_role(member: Membership, role: str, by: Access, staying: Collection[int]) -> str:
    """Why the member may not get this role from this person."""
    if reason := against_change(member, by):
        return reason
    if role == LEGAL and not by.may(Right.LEGAL):
        return _("Only a legal representative appoints another one.")
    return last_stays() if role != LEGAL and is_last(member, staying) else ""


def against_end(member: Membership, by: Access, staying: Collection[int]) -> str:
    """Why this person may not suspend the member, bind their access to an end, or remove them."""
    return against_change(member, by) or (last_stays() if is_last(member, staying) else "")


def against_leaving(member: Membership, staying: Collection[int]) -> str:
    if not is_last(member, staying):
        return ""
    return _("You are the last legal representative. Make somebody else one first, then you can leave.")


def not_oneself() -> str:
    """Why nobody adds themselves to a team."""
    return _("Nobody adds themselves to a team. Ask another administrator.")


def against_viewing(member: Membership, by: Access) -> str:
    """Why this person may not look at the organization as the member."""
    if not (decision := by.decide(Right.MEMBERS)):
        return str(decision.reason)
    if member.user_id == by.user.pk:
        return _("This is you: the portal already shows what you see.")
    if not member.is_active:
        return _("Nothing is open to this user now, so there is nothing to see.")
    if member.rights - by.rights:
        return _("This user has rights that you lack.")
    return ""


def against_preferring(member: Membership, by: Access) -> str:
    """Why this person may not say which mails the member gets."""
    return "" if member.user_id == by.user.pk else against_change(member, by)


def against_silence(member: Membership, told: Collection[int]) -> str:
    """Why the member may not do without billing reminders."""
    if not is_last(member, told):
        return ""
    return _("A legal representative has to be told what is to be paid, and nobody else of them is.")


def carries(role: str, right: Right) -> bool:
    """Whether a flag for this right means something with this role."""
    return right in FLAGS.get(Role(role), frozenset())
