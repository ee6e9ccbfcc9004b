"""Grants that end by themselves. The database hides them at that moment; here they are cleared away and logged."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from organizations import lasting, tenancy
from organizations.events import record
from organizations.models import Organization
from products.actions.holding import TABLES
from products.models import Product

AT_ONCE = 500


def end_grants() -> None:
    """Grants whose end has passed are gone; the log says so, and what lasts follows."""
    ended: dict[tuple[int, type, int, type, int], None] = {}
    with tenancy.every_organization():
        for (subject, target), model in TABLES.items():
            rows = model._default_manager.filter(expires_at__lte=timezone.now())
            holder = "user_id" if subject is User else "group__team"
            place = "organization_id" if target is Product else "content_object_id"
            for organization, who, what in rows.values_list(place, holder, "content_object_id")[:AT_ONCE]:
                ended[organization, subject, who, target, what] = None
    for organization, subject, who, target, what in ended:
        with tenancy.scope(organization), transaction.atomic():
            _end(Organization.objects.get(pk=organization), subject, who, target, what)


def _end(organization: Organization, subject: type[Model], who: int, target: type[Model], what: int) -> None:
    found: Any = subject._default_manager.get(pk=who)
    where = target._default_manager.get(pk=what)
    holder = {"user": found} if isinstance(found, User) else {"group__team": found}
    rows = TABLES[subject, target]._default_manager.filter(**holder, content_object=where)
    with tenancy.every_organization():
        deleted, _models = rows.filter(expires_at__lte=timezone.now()).delete()
    if not deleted:
        return
    record("grant.end", where, by=None, organization=organization, person=str(found))
    users = [found] if isinstance(found, User) else found.group.user_set.all()
    for user in users:
        lasting.match(organization, user, by=None)
