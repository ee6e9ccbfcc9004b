"""The rows of grants. What a member or a team holds in a place is replaced as a whole."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from organizations import tenancy
from organizations.models import Organization, OrganizationGroupGrant, OrganizationUserGrant, Team
from products.models import Product, ProductGroupGrant, ProductUserGrant
from products.permissions import ids

Subject = User | Team
Place = Product | Organization
# By kind of subject and place.
TABLES: dict[tuple[type, type], type[Model]] = {
    (User, Product): ProductUserGrant,
    (Team, Product): ProductGroupGrant,
    (User, Organization): OrganizationUserGrant,
    (Team, Organization): OrganizationGroupGrant,
}
BATCH = 5000


def replace(
    subject: Subject,
    places: Sequence[Place],
    wanted: Mapping[int, Collection[str]],
    *,
    within: Collection[str],
    until: datetime | None,
    giver: User,
) -> dict[int, set[str]]:
    """In each place the subject itself holds exactly `wanted`, by the place's id, among the codenames `within`.

    Returned is what was held before in the places where that is new. The same queries for any number of places.
    """
    table: Any = TABLES[type(subject), type(places[0])]._default_manager
    holder = {"user": subject} if isinstance(subject, User) else {"group": subject.group}
    rows = table.filter(**holder, content_object__in=places, permission__codename__in=within)
    clear_ended(rows)
    held: dict[int, dict[str, datetime | None]] = defaultdict(dict)
    for place, codename, end in rows.values_list("content_object_id", "permission__codename", "expires_at"):
        held[place][codename] = end
    changed = [place for place in places if held[place.pk] != dict.fromkeys(wanted[place.pk], until)]
    if changed:
        # One row for each permission, given anew: who gave it last, and until when.
        rows.filter(content_object__in=changed).delete()
        numbers = ids(type(changed[0]))
        given = {"granted_by": giver, "expires_at": until}
        new = [
            table.model(**holder, **given, content_object=place, permission_id=numbers[codename])
            for place in changed
            for codename in sorted(wanted[place.pk])
        ]
        table.bulk_create(new, batch_size=BATCH)
    return {place.pk: set(held[place.pk]) for place in changed}


def clear_ended(rows: Any) -> None:
    """Grants that have ended are gone: the database hides them from everybody but the worker's role."""
    with tenancy.every_organization():
        rows.filter(expires_at__lte=timezone.now()).delete()
