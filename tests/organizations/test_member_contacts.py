"""Who is told what by mail: who wants it, and may know it."""

from typing import Any

import pytest
from django.utils import timezone

from organizations import tenancy
from organizations.contacts import audience, deciders
from organizations.models import Membership
from organizations.roles import Right
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db


def everybody_wants(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Membership.objects.filter(organization=world.acme, user__in=[world.users[name] for name in MEMBERS])
        rows.update(wants_billing_mail=True, wants_product_mail=True)


def told(world: World, topic: str) -> set[str]:
    with tenancy.scope(world.acme.pk):
        return {member.user.email.split("@")[0] for member, wanted in audience(world.acme, topic) if wanted}


def test_nobody_is_told_what_they_do_not_want(world: World) -> None:
    assert told(world, "billing") == told(world, "products") == set()


def test_nobody_is_told_what_they_may_not_see(world: World) -> None:
    everybody_wants(world)
    assert told(world, "billing") == {"owner", "administrator", "biller"}
    # Of products only by what they see of each: that is for whoever writes.
    assert told(world, "products") == set(MEMBERS) - {"suspended", "expired"}


def test_nobody_of_another_organization_is_told(world: World) -> None:
    everybody_wants(world)
    with tenancy.scope(world.other.pk):
        Membership.objects.filter(organization=world.other).update(wants_billing_mail=True)
    with tenancy.scope(world.acme.pk, world.other.pk):
        assert {member.user.email for member, wanted in audience(world.other, "billing") if wanted} == {
            "outsider@example.com"
        }


def test_who_may_not_sign_in_is_not_told(world: World) -> None:
    everybody_wants(world)
    world.users["biller"].is_active = False
    world.users["biller"].save()
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["administrator"]).update(suspended_at=timezone.now())
    assert told(world, "billing") == {"owner"}


def deciding(world: World, right: Right = Right.MEMBERS, **more: Any) -> list[str]:
    with tenancy.scope(world.acme.pk):
        return [user.email.split("@")[0] for user in deciders(world.acme, right, **more)]


def test_those_decide_who_can_give_the_right(world: World) -> None:
    assert deciding(world) == deciding(world, Right.BILLING) == ["owner", "administrator", "viewing"]
    assert deciding(world, Right.LEGAL) == deciding(world, Right.DELETE) == ["owner"]
    assert deciding(world, most=2) == ["owner", "administrator"]
    assert deciding(world, but=world.users["owner"]) == ["administrator", "viewing"]


def test_who_is_suspended_or_may_not_sign_in_does_not_decide(world: World) -> None:
    world.users["owner"].is_active = False
    world.users["owner"].save()
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["viewing"]).update(suspended_at=timezone.now())
    assert deciding(world) == ["administrator"]
