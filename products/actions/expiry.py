"""Grants that end by themselves. The database hides them at that moment; here they are cleared away and logged."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from organizations import lasting, tenancy
from organizations.actions.still import hold_still
from organizations.events import record_each
from organizations.models import Organization, Team
from products.actions.holding import TABLES
from products.models import Product

logger = logging.getLogger(__name__)

# How a row names whom it is of, and its organization.
HOLDERS: dict[type, str] = {User: "user", Team: "group__team"}
PLACES: dict[type, str] = {Product: "organization", Organization: "content_object"}
Line = tuple[Model, dict[str, Any]]


def end_grants() -> None:
    """Grants whose end has passed are gone; the log says so, and what lasts follows. One that breaks stops no other."""
    for organization, subject, pk in due():
        try:
            with tenancy.scope(organization), transaction.atomic():
                _end(hold_still(organization)[organization], subject, pk)
        except Exception:
            logger.exception("the grants of %s %s in organization %s did not end", subject.__name__, pk, organization)


def due() -> Iterable[tuple[int, type[Model], int]]:
    """In which organization something of whom has ended. A group that is no team's is none of ours."""
    found: dict[tuple[int, type[Model], int], None] = {}
    with tenancy.every_organization():
        for subject, target in TABLES:
            rows = ended(subject, target).exclude(**{HOLDERS[subject]: None}).order_by()
            for organization, pk in rows.values_list(PLACES[target], HOLDERS[subject]).distinct():
                found[organization, subject, pk] = None
    return found


def ended(subject: type, target: type) -> Any:
    return TABLES[subject, target]._default_manager.filter(expires_at__lte=timezone.now())


def _end(organization: Organization, subject: type[Model], pk: int) -> None:
    """Whatever has ended of the subject's, in this organization."""
    # Gone since it was found: its grants went with it.
    holder: Any = subject._default_manager.filter(pk=pk).first()
    if holder is None:
        return
    lines: list[Line] = []
    for target in PLACES:
        with tenancy.every_organization():
            rows = ended(subject, target).filter(**{HOLDERS[subject]: pk, PLACES[target]: organization.pk})
            held = list(rows.order_by().values_list("content_object", "permission__codename"))
            rows.delete()
        lines += _on_products(held) if target is Product else _on_kinds(organization, held)
    record_each(
        "grant.end",
        [(where, {"person": str(holder)} | told) for where, told in lines],
        organization=organization,
        by=None,
    )
    users = [holder] if isinstance(holder, User) else holder.group.user_set.order_by("pk")
    for user in users if lines else ():
        lasting.match(organization, user, by=None)


def _on_products(held: Iterable[tuple[int, str]]) -> list[Line]:
    names: dict[int, list[str]] = defaultdict(list)
    for product, codename in held:
        names[product].append(codename)
    rows = Product.objects.filter(pk__in=names).order_by("pk")
    return [(product, {"kind": "", "permissions": sorted(names[product.pk])}) for product in rows]


def _on_kinds(organization: Organization, held: Iterable[tuple[int, str]]) -> list[Line]:
    names: dict[str, list[str]] = defaultdict(list)
    for _place, codename in held:
        kind, _dot, permission = codename.partition(".")
        names[kind].append(permission)
    return [(organization, {"kind": kind, "permissions": sorted(names[kind])}) for kind in sorted(names)]
