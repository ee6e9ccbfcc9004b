"""Whether a person's password alone is not enough."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User


def factors() -> QuerySet[Authenticator]:
    """What counts: an authenticator app or a passkey. Recovery codes stand in for one, and are none."""
    return Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)


def exists_for(user: str) -> Exists:
    """An annotation: whether the user in this column of the outer query has a second factor."""
    return Exists(factors().filter(user=OuterRef(user)))


def has_one(user: User) -> bool:
    """Asked once per request: `user` is the request's own object."""
    if not hasattr(user, "has_second_factor"):
        user.has_second_factor = factors().filter(user=user).exists()
    return user.has_second_factor
