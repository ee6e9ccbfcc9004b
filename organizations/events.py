"""The audit trail's only writer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from organizations.models import Event, Organization


@dataclass(frozen=True)
class Person:
    """Somebody who acts without an access at hand."""

    user: User
    address: str | None = None


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
    event = _event(verb, target, by, organization, details)
    event.save(force_insert=True)
    return event


def record_each(
    verb: str, lines: Iterable[tuple[Model, dict[str, Any]]], /, *, by: Actor | None, organization: Organization
) -> None:
    """As `record`, of many targets with the details of each."""
    events = (_event(verb, target, by, organization, details) for target, details in lines)
    Event.objects.bulk_create(events, batch_size=1000)


def _event(verb: str, target: Model, by: Actor | None, organization: Organization, details: dict[str, Any]) -> Event:
    user = by.user if by else None
    return Event(
        organization=organization,
        actor=user,
        actor_name=str(user) if user else "",
        actor_email=user.email if user else "",
        via=getattr(by, "via", "")[:120],
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=target.pk,
        target_name=str(target)[:260],
        address=by.address if by else None,
        details=details,
    )


def with_subjects(events: Iterable[Event], organization: Organization, *, only: Collection[str] = ()) -> None:
    """Each event knows what it speaks of, as `subject`, where that still exists. One query for each sort of thing.

    `only` names the sorts that are wanted, where a page has no query to spare.
    """
    wanted: dict[str, set[int]] = {}
    for event in events:
        # An organization needs no introduction on its own pages.
        wants = event.target_type in only if only else event.target_type != Organization._meta.label_lower
        if event.target_id and wants:
            wanted.setdefault(event.target_type, set()).add(event.target_id)
    found: dict[tuple[str, int], Model] = {}
    for model in apps.get_models():
        # What an app recorded that is gone since has no subject.
        ids = wanted.get(model._meta.label_lower, set())
        for subject in model._default_manager.filter(organization=organization, pk__in=ids) if ids else ():
            subject.organization = organization  # type: ignore[attr-defined]
            found[model._meta.label_lower, subject.pk] = subject
    for event in events:
        event.subject = found.get((event.target_type, event.target_id or 0))
