"""What tests of transfers share: two organizations, products that move, and what of them is where."""

from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress

from accounts.models import User
from organizations import tenancy
from organizations.access import Access
from organizations.models import Event, Membership, Organization
from organizations.roles import Role
from products import transfers
from products.actions import transfer as actions
from products.models import Product, Transfer
from tests.people import World


def access(user: User, organization: Organization) -> Access:
    with tenancy.scope(organization.pk):
        member = Membership.objects.get(organization=organization, user=user)
    return Access(user, organization, member, "192.0.2.1")


def join(user: User, organization: Organization, role: Role = Role.LEGAL_REPRESENTATIVE, **fields: Any) -> Access:
    """The person is a member there too."""
    with tenancy.scope(organization.pk):
        Membership.objects.create(organization=organization, user=user, role=role, **fields)
    return access(user, organization)


def proved(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def pks(world: World, *kinds: str) -> list[int]:
    return [world.products[kind].pk for kind in kinds or ("hosting",)]


def sent(world: World, *kinds: str, by: str = "owner", **fields: Any) -> Transfer:
    """Offered by Acme, by a link."""
    fields.setdefault("key", uuid4())
    with tenancy.scope(world.acme.pk):
        return actions.send(pks(world, *kinds), by=access(world.users[by], world.acme), **fields)


def accepted(world: World, *kinds: str, **fields: Any) -> Transfer:
    """Taken by the outsider, for Other."""
    transfer = sent(world, *kinds, **fields)
    return take(world, transfer)


def take(world: World, transfer: Transfer, by: str = "outsider") -> Transfer:
    return actions.accept(world.acme.pk, transfer.key, access(world.users[by], world.other))


def address(transfer: Transfer, verb: str = "") -> str:
    return f"/transfers/{transfers.token(transfer)}/{verb}"


def fresh(transfer: Transfer) -> Transfer:
    with tenancy.scope(transfer.organization_id):
        return Transfer.objects.select_related("organization", "target").get(pk=transfer.pk)


def owner_of(product: Product) -> str:
    """The name of the organization that has it."""
    with tenancy.every_organization():
        return Product.objects.select_related("organization").get(pk=product.pk).organization.name


def verbs(organization: Organization, **where: Any) -> list[str]:
    with tenancy.scope(organization.pk):
        rows = Event.objects.filter(organization=organization, verb__contains="transfer", **where)
        return list(rows.order_by("pk").values_list("verb", flat=True))


def form(world: World, *kinds: str, to: str = "link", key: UUID | None = None, **more: Any) -> dict[str, Any]:
    """What the pages of a transfer post."""
    return {"product": pks(world, *kinds), "to": to, "key": str(key or uuid4()), "confirm": "1"} | more
