"""Who is written to about an organization: members who want it and may know it, and those who decide.

In the organization's scope.
"""

from accounts.models import User
from organizations.models import Membership, Organization
from organizations.roles import Right, givers

# By topic: the column that says they want it, and the right without which it is none of their business. News of
# products go to whoever may see one: of which, whoever writes asks the engine.
TOPICS = {
    "billing": ("wants_billing_mail", Right.BILLING),
    "products": ("wants_product_mail", Right.SEE),
}


def audience(organization: Organization, topic: str) -> list[tuple[Membership, bool]]:
    """The active memberships of those who may hear of "billing" or "products", and whether they want it as mails too.

    Who wants them comes first. With their people.
    """
    column, right = TOPICS[topic]
    rows = Membership.objects.filter(organization=organization, user__is_active=True).active()
    rows = rows.select_related("user").order_by(f"-{column}", "pk")
    return [(member, getattr(member, column)) for member in rows if right in member.rights]


def deciders(
    organization: Organization, right: Right = Right.MEMBERS, most: int = 20, *, but: User | None = None
) -> list[User]:
    """Up to `most` active members who can give this right to somebody who lacks it, the longest there first."""
    roles = givers(right) or givers(Right.MEMBERS)
    rows = Membership.objects.active().filter(organization=organization, user__is_active=True, role__in=roles)
    rows = rows.exclude(user=but) if but else rows
    return [member.user for member in rows.select_related("user").order_by("created_at", "pk")[:most]]
