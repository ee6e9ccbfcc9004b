"""Who is told what about an organization by mail: members who want it, and may know it."""

from accounts.models import User
from organizations.models import Membership, Organization
from organizations.roles import Right

# By topic: the column that says they want it, and the right without which it is none of their business.
TOPICS = {
    "billing": ("wants_billing_mail", Right.BILLING),
    "products": ("wants_product_mail", Right.ALL_PRODUCTS),
}


def subscribers(organization: Organization, topic: str) -> list[User]:
    """The active members who want mails about "billing" or "products". In the organization's scope."""
    column, right = TOPICS[topic]
    members = Membership.objects.filter(organization=organization, **{column: True}).active().select_related("user")
    return [member.user for member in members.order_by("pk") if right in member.rights and member.user.is_active]
