"""The audit trail's only writer."""

from typing import Any, Protocol

from django.db.models import Model

from accounts.models import User
from organizations.models import Event, Organization


class Actor(Protocol):
    """Whoever causes a write: a person's access to an organization."""

    @property
    def user(self) -> User | None: ...
    @property
    def address(self) -> str | None: ...


def record(verb: str, target: Model, /, *, by: Actor | None, organization: Organization, **details: Any) -> Event:
    """The log says who did `verb` to `target`, from where, and what changed; `by` None means the portal itself.

    Call it in the transaction of the write. `details` must be JSON: give old and new values as [old, new].
    """
    user = by.user if by else None
    return Event.objects.create(
        organization=organization,
        actor=user,
        actor_name=str(user) if user else "",
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=target.pk,
        target_name=str(target)[:260],
        address=by.address if by else None,
        details=details,
    )
