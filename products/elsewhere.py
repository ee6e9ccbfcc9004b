"""Products of the person's other organizations: for a page that found nothing in this one."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from organizations import tenancy
from organizations.access import Access
from organizations.gate import open_memberships
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


def others(request: HttpRequest) -> list[Membership]:
    """Where the person may look besides the organization of the page. Nowhere, while they look as somebody else."""
    access: Access | None = getattr(request, "access", None)
    if access is not None and access.viewer:
        return []
    here = access.organization.pk if access else None
    return [each for each in open_memberships(request) if each.organization_id != here]


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
        "logo_url": organization.logo_url,
        "url": url,
        "note": note,
    }


def with_product(memberships: list[Membership], user: User, kind: Kind, pk: int) -> list[Place]:
    """The one organization that has this product; none when the person may not see it."""
    if not memberships:
        return []
    with open_to(memberships):
        product = visible_in(memberships, user).of(kind).filter(pk=pk).select_related("organization").first()
    if product is None:
        return []
    return [place(product.organization, product.get_absolute_url(), f"{kind.label_one} {names.shown(product.name)}")]


def with_kind(memberships: list[Membership], user: User, kind: Kind, *, text: str = "", state: str = "") -> list[Place]:
    """The organizations that have such products of this kind, by name, with how many."""
    rows = narrowed(visible_in(memberships, user).of(kind), text, state)
    query = query_of(q=text, state=state)
    return [
        place(
            organization, reverse("product_list", args=[organization.slug, kind.slug]) + query, note(kind.label, number)
        )
        for organization, number in counted(memberships, rows)
    ]


def matching(memberships: list[Membership], user: User, text: str) -> list[Place]:
    """The organizations that have products whose name or label contains the text, by name, with how many."""
    found = counted(memberships, narrowed(visible_in(memberships, user), text))
    urls = [reverse("search", args=[each.slug]) + query_of(q=text) for each, _n in found]
    return [place(each, url, note(_("Products"), number)) for url, (each, number) in zip(urls, found, strict=True)]


def note(label: str | Promise, number: int) -> str:
    return _("%(what)s: %(number)d") % {"what": label, "number": number}


def query_of(**parameters: str) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""


def narrowed(rows: ProductQuerySet, text: str, state: str = "") -> ProductQuerySet:
    """As the lists and the search narrow what they show."""
    rows = rows.filter(state=state) if state else rows.standing()
    return rows.named_like(text) if text else rows


def counted(memberships: list[Membership], rows: ProductQuerySet) -> list[tuple[Organization, int]]:
    if not memberships:
        return []
    with open_to(memberships):
        numbers = dict(rows.order_by().values_list("organization").annotate(Count("pk")))
    found = [each.organization for each in memberships if each.organization_id in numbers]
    return [(organization, numbers[organization.pk]) for organization in found]
