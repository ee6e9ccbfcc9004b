"""When somebody's rights change: what outlives a request follows, and the person is told.

Rights by grant end with the membership. API tokens are checked with each use, so they open nothing while their person
is kept out, suspended or past the end of their access; those of who left are taken back, so that they do not come to
life again with a new membership.
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy

from accounts.actions import mail
from accounts.models import User
from organizations.events import Actor
from organizations.models import Membership, Organization, OrganizationUserGrant
from organizations.roles import Right
from products import summary
from products.models import AccessRequest, ApiToken, ProductUserGrant
from products.models.request import RequestState

# Several changes in a row make one mail.
PATIENCE = timedelta(minutes=3)


def match(organization: Organization, user: User, *, by: Actor | None) -> None:
    member = Membership.objects.filter(organization=organization, user=user).first()
    if member is not None:
        # Known already: a change of a team asks this for each person in it.
        member.organization, member.user = organization, user
    if member is None or Right.ALL_PRODUCTS in member.rights:
        # Whose role has every product needs no grant, and gets none back with a smaller role.
        ProductUserGrant.objects.filter(organization=organization, user=user).delete()
        OrganizationUserGrant.objects.filter(content_object=organization, user=user).delete()
    if member is None:
        ApiToken.objects.filter(organization=organization, user=user, revoked_at=None).update(revoked_at=timezone.now())
        asked = AccessRequest.objects.filter(organization=organization, user=user, state=RequestState.OPEN)
        asked.update(state=RequestState.WITHDRAWN, decided_at=timezone.now())
    if by is None or by.user != user:
        tell(organization, user, member, by)


def tell(organization: Organization, user: User, member: Membership | None, by: Actor | None) -> None:
    """The person gets one mail with what they may now, a few minutes after the first of several changes."""
    now = timezone.now()
    # One mail for each stretch of time: the key names the stretch.
    stretch = int(now.timestamp() // PATIENCE.total_seconds())
    path = reverse("home", args=[organization.slug])
    context = {
        "person": user,
        "organization": organization,
        "member": member,
        "by": by.user if by else None,
        "rights": lazy(summary.lines, list)(organization, member) if member else [],
        "url": settings.BASE_URL + path,
    }
    key = f"rights:{organization.pk}:{user.pk}:{stretch}"
    mail.write("products/mail/rights", context, key=key, to=user, path=path, later=PATIENCE)
