"""Carts nobody ordered do not stay for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.actions import cart as carts
from billing.models import Cart, CartLine
from billing.purge import purge_carts
from tests.billing.test_order import placed
from tests.people import World

pytestmark = pytest.mark.django_db


def left(world: World, days: int) -> Cart:
    cart = Cart.objects.create()
    carts.add(cart, plan=world.plans["hosting"], name="left.ch", options={})
    Cart.objects.filter(pk=cart.pk).update(created_at=timezone.now() - timedelta(days=days))
    return cart


def test_only_carts_left_long_ago_are_purged(world: World) -> None:
    order = placed(world)
    Cart.objects.update(created_at=timezone.now() - timedelta(days=400))
    recent, _old = left(world, 29), left(world, 31)
    purge_carts()
    assert set(Cart.objects.values_list("pk", flat=True)) == {order.key, recent.pk}
    assert CartLine.objects.filter(name="left.ch").count() == 1
