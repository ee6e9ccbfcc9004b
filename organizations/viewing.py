"""View as member: an administrator sees the organization as one of its members does, and changes nothing.

The gate reads what is kept here: see `organizations.gate.as_member`.
"""

from django.utils import timezone

from accounts.requests import SignedIn
from organizations import tenancy
from organizations.actions import member as actions
from organizations.events import Person
from organizations.gate import VIEW_AS, client_address, memberships
from organizations.models import Membership, Organization


def begin(request: SignedIn, member: Membership) -> None:
    """From the next request on, in this browser only, and in this organization only."""
    began = [member.pk, timezone.now().isoformat()]
    request.session[VIEW_AS] = request.session.get(VIEW_AS, {}) | {str(member.organization_id): began}


def stop(request: SignedIn, slug: str) -> Organization | None:
    """The person sees the organization with this slug with their own eyes; None when it is not theirs."""
    found = next((each.organization for each in memberships(request) if each.organization.slug == slug), None)
    viewed = dict(request.session.get(VIEW_AS, {}))
    if found and (began := viewed.pop(str(found.pk), None)):
        request.session[VIEW_AS] = viewed
        tenancy.enter(user=request.user.pk, organizations=frozenset({found.pk}))
        actions.view_as_stop(found, began[0], by=Person(request.user, client_address(request)))
    return found
