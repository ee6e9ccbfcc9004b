from organizations.models.event import Event
from organizations.models.grant import OrganizationGroupGrant, OrganizationUserGrant
from organizations.models.invitation import Invitation
from organizations.models.membership import Membership
from organizations.models.organization import Logo, Organization
from organizations.models.saved_view import SavedView
from organizations.models.team import Team

__all__ = [
    "Event",
    "Invitation",
    "Logo",
    "Membership",
    "Organization",
    "OrganizationGroupGrant",
    "OrganizationUserGrant",
    "SavedView",
    "Team",
]
