"""What people are told of a transfer, each of them once. Each function is a part of its caller's transaction."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.actions import mail
from accounts.models import User
from organizations.contacts import deciders
from organizations.models import Organization
from products import transfers
from products.models import Product, Transfer


def offered(transfer: Transfer, products: Sequence[Product], by: User) -> None:
    """The address gets the link."""
    path = transfers.path(transfer)
    context = {"transfer": transfer, "products": products, "by": by, "url": settings.BASE_URL + path}
    to = User.objects.known(transfer.email)
    mail.write("products/mail/transfer_offer", context, key=f"transfer:{transfer.pk}:offer", to=to, path=path)


def moved(transfer: Transfer, products: Sequence[Product], by: User) -> None:
    tell("moved", transfer, products, by)


def undone(transfer: Transfer, products: Sequence[Product], by: User) -> None:
    tell("undone", transfer, products, by)


def declined(transfer: Transfer, by: User) -> None:
    """Who sent it hears that nothing moves."""
    if (person := transfer.created_by) is None:
        return
    context = {"transfer": transfer, "by": by, "person": person}
    write("declined", context, f"transfer:{transfer.pk}:declined", person, path(transfer, transfer.organization))


def tell(what: str, transfer: Transfer, products: Sequence[Product], by: User) -> None:
    """Who took part in it, and the administrators of both sides, get one mail each, with the page on their side."""
    assert transfer.target is not None
    context = {"transfer": transfer, "products": products, "by": by}
    told: dict[int, tuple[User, Organization]] = {}
    for person, side in ((transfer.created_by, transfer.organization), (transfer.accepted_by, transfer.target)):
        if person is not None:
            told.setdefault(person.pk, (person, side))
    for side in (transfer.organization, transfer.target):
        for person in deciders(side):
            told.setdefault(person.pk, (person, side))
    for person, side in told.values():
        key = f"transfer:{transfer.pk}:{what}:{person.pk}"
        write(what, context | {"person": person}, key, person, path(transfer, side))


def write(what: str, context: dict[str, Any], key: str, person: User, path: str) -> None:
    context |= {"url": settings.BASE_URL + path}
    mail.write(f"products/mail/transfer_{what}", context, key=key, to=person, path=path)


def path(transfer: Transfer, side: Organization) -> str:
    return reverse("transfer", args=[side.slug, transfer.pk])
