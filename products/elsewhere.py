"""Products of the person's other organizations: for a page that found nothing in this one."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from organizations import tenancy
from organizations.access import Access
from organizations.gate import open_memberships
from organizations.models import Membership, Organization
from organizations.roles import Right
from products import names
from products.kinds import Kind
from products.models import Product, sight
from products.models.product import ProductQuerySet

Place = dict[str, str | Promise]
Kinds = Mapping[int, Collection[str]]


def kinds_in(memberships: list[Membership], user: User) -> Kinds:
    """By organization, the kinds of which the person holds a grant, where their role does not show every product."""
    return sight.whole(user, [each.organization_id for each in memberships if Right.ALL_PRODUCTS not in each.rights])


def visible_in(memberships: list[Membership], user: User, whole: Kinds | None = None) -> ProductQuerySet:
    """products that this person may see in these organizations, which are open to the database (`open_to`)

    `whole`: what `kinds_in` answered for them, or for more, where it was asked before.
    """
    return Product.objects.seen_by(user, memberships, kinds_in(memberships, user) if whole is None else whole)


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
    what = _("%(kind)s %(name)s") % {"kind": kind.label_one, "name": names.shown(product.name)}
    return [place(product.organization, product.get_absolute_url(), what)]


def with_kind(memberships: list[Membership], user: User, kind: Kind, *, text: str = "", state: str = "") -> list[Place]:
    """The organizations that have such products of this kind, by name, with how many."""
    query = query_of(q=text, state=state)
    return [
        place(
            organization, reverse("product_list", args=[organization.slug, kind.slug]) + query, note(kind.label, number)
        )
        for organization, number in counted(memberships, user, kind, text, state)
    ]


def note(label: str | Promise, number: int) -> str:
    return _("%(what)s: %(number)d") % {"what": label, "number": number}


def query_of(**parameters: str) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""


def counted(
    memberships: list[Membership], user: User, kind: Kind | None, text: str, state: str = ""
) -> list[tuple[Organization, int]]:
    """How many each of them has, of a kind or of all, narrowed as the lists and the search narrow what they show."""
    if not memberships:
        return []
    with open_to(memberships):
        rows = visible_in(memberships, user)
        rows = rows.filter(state=state) if state else rows.standing()
        rows = rows.of(kind) if kind else rows
        rows = rows.named_like(text) if text else rows
        numbers = dict(rows.order_by().values_list("organization").annotate(Count("pk")))
    found = [each.organization for each in memberships if each.organization_id in numbers]
    return [(organization, numbers[organization.pk]) for organization in found]
