"""Who hears by mail that an order is ready or was credited: who ordered, and who wants it, of what they may see."""

from typing import Any

import pytest
from django.conf import settings

from accounts.models import Mail
from billing.actions import cart as carts
from billing.actions import mails
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.lines import of as lines_of
from billing.models import Cart, Order
from organizations.models import Membership, Organization, OrganizationGroupGrant, OrganizationUserGrant
from organizations.roles import Role
from products.models import Product, ProductUserGrant
from products.permissions import ids
from tests.billing.test_order import deliver
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db


def everybody_wants(world: World, *people: str) -> None:
    world.access("owner")
    rows = Membership.objects.filter(
        organization=world.acme, user__in=[world.users[name] for name in people or MEMBERS]
    )
    rows.update(wants_billing_mail=True, wants_product_mail=True)


def ordered(world: World, person: str, *kinds: str, name: str = "told.ch") -> Order:
    cart = Cart.objects.create()
    for kind in kinds or ("domains", "hosting"):
        carts.add(cart, plan=world.plans[kind], name=name, options={})
    return orders.place(cart, world.acme, by=world.access(person))


def told(template: str = "") -> dict[str, Mail]:
    return {mail.to.split("@")[0]: mail for mail in Mail.objects.filter(key__startswith=template)}


def sees_all(world: World, person: str, kind: str) -> None:
    OrganizationUserGrant.objects.create(
        user=world.users[person], content_object=world.acme, permission_id=ids(Organization)[f"{kind}.view"]
    )


def ready(world: World, order: Order) -> dict[str, Mail]:
    for _again in range(2):
        mails.ready(order, lines_of(order))
    found = told("order-ready:")
    assert Mail.objects.filter(key__startswith="order-ready:").count() == len(found)
    return found


def test_whoever_ordered_and_whoever_wants_it_hears_of_a_credit_once(world: World) -> None:
    everybody_wants(world)
    line = lines_of(ordered(world, "orderer", "domains"))[0]
    for _again in range(2):
        mails.refunded(line)
    found = told("order-refund:")
    assert set(found) == {"orderer", "owner", "administrator", "biller"}
    assert Mail.objects.filter(key__startswith="order-refund:").count() == 4
    assert all(f"Hello {person.title()}" in mail.text for person, mail in found.items())


def test_whoever_wants_news_hears_of_what_they_see_only(world: World) -> None:
    everybody_wants(world)
    sees_all(world, "technician", "hosting")
    OrganizationGroupGrant.objects.create(
        group=world.team.group, content_object=world.acme, permission_id=ids(Organization)["domains.view"]
    )
    order = ordered(world, "orderer")
    bought = {line.kind.slug: line.product for line in lines_of(order)}
    ProductUserGrant.objects.create(
        user=world.users["external"], content_object=bought["hosting"], permission_id=ids(Product)["view"]
    )
    found = ready(world, order)
    # Who sees none of it hears nothing: not of one's own other products either.
    assert set(found) == {"orderer", "owner", "administrator", "technician", "teammate", "external"}
    named = {
        person: {kind for kind in bought if f"/o/acme/{kind}/{bought[kind].pk}/" in mail.text}
        for person, mail in found.items()
    }
    assert named == {
        "orderer": set(),
        "owner": {"domains", "hosting"},
        "administrator": {"domains", "hosting"},
        "technician": {"hosting"},
        "teammate": {"domains"},
        "external": {"hosting"},
    }
    assert "Domain" not in found["technician"].text
    # Whoever cannot open the order is not sent there.
    assert f"/orders/{order.pk}/" in found["orderer"].text
    assert f"/orders/{order.pk}/" not in found["technician"].text + found["technician"].subject
    assert f"  {settings.BASE_URL}/o/acme/hosting/" in found["technician"].text
    assert "Hello Technician" in found["technician"].text


def test_nobody_hears_who_does_not_want_to_or_may_not_see(world: World) -> None:
    everybody_wants(world, "external", "viewer", "suspended")
    sees_all(world, "technician", "hosting")
    sees_all(world, "suspended", "hosting")
    assert set(ready(world, ordered(world, "orderer"))) == {"orderer"}


def test_nobody_hears_of_nothing_but_failures(world: World) -> None:
    everybody_wants(world, "technician", "owner")
    sees_all(world, "technician", "hosting")
    order = ordered(world, "orderer")
    lines: Any = lines_of(order)
    lines[1].refunded_at = order.created_at
    mails.ready(order, lines)
    found = told("order-ready:")
    assert set(found) == {"orderer", "owner"}
    assert "could not be set up" in found["owner"].text


def test_not_more_are_told_than_the_portal_writes_to_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_wants(world, "viewer", "owner", "administrator")
    monkeypatch.setattr(mails, "MOST", 1)
    assert set(ready(world, ordered(world, "orderer"))) == {"orderer", "owner"}


def test_who_ordered_is_told_once_also_when_they_want_it(world: World) -> None:
    everybody_wants(world, "owner", "administrator")
    assert set(ready(world, ordered(world, "owner"))) == {"owner", "administrator"}


def test_who_ordered_and_left_is_told_what_became_of_it(world: World) -> None:
    order = ordered(world, "orderer")
    Membership.objects.filter(user=world.users["orderer"]).delete()
    assert set(ready(world, order)) == {"orderer"}


def test_they_hear_when_it_is_set_up(world: World) -> None:
    Membership.objects.filter(user=world.users["external"]).update(role=Role.EXTERNAL)
    everybody_wants(world, "external")
    sees_all(world, "external", "hosting")
    order = ordered(world, "owner")
    payments.pay(order, "approve", by=world.access("owner"))
    assert not told("order-ready:")
    deliver(world)
    assert "Hosting told.ch: ready" in told("order-ready:")["external"].text
