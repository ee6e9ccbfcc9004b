from organizations.models.event import Event
from organizations.models.grant import OrganizationGroupGrant, OrganizationUserGrant
from organizations.models.membership import Membership
from organizations.models.organization import Organization

__all__ = ["Event", "Membership", "Organization", "OrganizationGroupGrant", "OrganizationUserGrant"]
