"""In which currency one picks."""

import pytest

from billing.models import Cart
from organizations.models import Organization
from tests.billing.test_pages import shopping
from tests.people import World

pytestmark = pytest.mark.django_db


def test_the_shop_shows_the_currency_of_the_organization_one_comes_from(world: World) -> None:
    Organization.objects.filter(pk=world.acme.pk).update(country="AT")
    client = shopping(world, "owner", "new.ch")
    assert "CHF" in client.get("/order/hosting/").text
    for address in ("/order/?organization=acme", "/order/hosting/", "/cart/"):
        page = client.get(address).text
        assert "€" in page, address
        assert "CHF" not in page, address
    assert 'name="currency"' not in client.get("/cart/").text


@pytest.mark.parametrize("person", ["anonymous", "outsider", "collaborator", "suspended"])
def test_nobody_learns_the_currency_of_an_organization_where_they_may_not_order(world: World, person: str) -> None:
    Organization.objects.filter(pk=world.acme.pk).update(country="AT")
    page = world.client(person).get("/order/hosting/?organization=acme").text
    assert "CHF" in page
    assert "Acme" not in page


def test_the_visitor_chooses_where_no_organization_is_known(world: World) -> None:
    client = shopping(world, "anonymous", "new.ch")
    client.post("/cart/", {"currency": "EUR"})
    assert "€" in client.get("/order/").text
    assert Cart.objects.get().currency == "EUR"


def test_the_cheapest_price_says_for_how_long(world: World) -> None:
    page = " ".join(world.client("anonymous").get("/order/").text.split())
    assert "a year" in page
