"""Products of the person's other organizations: for a page that found nothing in this one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.functional import Promise

from accounts.models import User
from organizations import tenancy
from organizations.models import Membership, Organization, OrganizationGroupGrant, OrganizationUserGrant
from organizations.roles import Right
from products import names
from products.kinds import Kind, Permission
from products.models import Product, ProductGroupGrant, ProductUserGrant
from products.models.product import ProductQuerySet

Place = dict[str, str | Promise]


def visible_in(memberships: list[Membership], user: User) -> ProductQuerySet:
    """products that this person may see in these organizations: `Product.objects.visible_to`, over several of them"""
    active = [each for each in memberships if each.is_active]
    every = [each.organization_id for each in active if Right.ALL_PRODUCTS in each.rights]
    some = [each.organization_id for each in active if Right.ALL_PRODUCTS not in each.rights]
    view = {"content_object": OuterRef("pk"), "permission__codename": Permission.VIEW}
    kind = {
        "content_object": OuterRef("organization"),
        "permission__codename": Concat(OuterRef("kind_slug"), Value(f".{Permission.VIEW}")),
    }
    granted = (
        Exists(ProductUserGrant.objects.filter(user=user, **view).order_by())
        | Exists(ProductGroupGrant.objects.filter(group__user=user, **view).order_by())
        | Exists(OrganizationUserGrant.objects.filter(user=user, **kind).order_by())
        | Exists(OrganizationGroupGrant.objects.filter(group__user=user, **kind).order_by())
    )
    return Product.objects.filter(Q(organization__in=every) | Q(granted, organization__in=some))


@contextmanager
def open_to(memberships: list[Membership]) -> Iterator[None]:
    """Within the block the database also shows the person's other organizations."""
    before = tenancy.known()
    mine = {each.organization_id for each in memberships if each.is_active}
    tenancy.enter(user=before.user, organizations=before.organizations | mine)
    try:
        yield
    finally:
        tenancy.enter(user=before.user, organizations=before.organizations)


def place(organization: Organization, url: str, note: str | Promise) -> Place:
    """What a page shows of another organization, with the way there."""
    return {
        "name": organization.name,
        "initials": organization.initials,
        "tone": organization.tone,
        "url": url,
        "note": note,
    }


def with_product(memberships: list[Membership], user: User, kind: Kind, pk: int) -> list[Place]:
    """The one organization that has this product; none when the person may not see it."""
    with open_to(memberships):
        product = visible_in(memberships, user).of(kind).filter(pk=pk).select_related("organization").first()
    if product is None:
        return []
    return [place(product.organization, product.get_absolute_url(), f"{kind.label_one} {names.shown(product.name)}")]


def with_kind(memberships: list[Membership], user: User, kind: Kind) -> list[tuple[Organization, int]]:
    """The organizations that have products of this kind, by name, with how many."""
    with open_to(memberships):
        rows = visible_in(memberships, user).of(kind).standing().order_by()
        numbers = dict(rows.values_list("organization").annotate(Count("pk")))
    found = [each.organization for each in memberships if each.organization_id in numbers]
    return [(organization, numbers[organization.pk]) for organization in found]
