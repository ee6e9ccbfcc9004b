"""What the page of a product says of money: to who orders or reads invoices."""

import pytest

from billing.actions import payment as payments
from organizations import tenancy
from products.models import Product
from tests.billing.test_order import placed
from tests.people import World

pytestmark = pytest.mark.django_db


def test_it_shows_price_order_and_invoice(world: World) -> None:
    order = placed(world)
    payments.pay(order, "approve", by=world.access("owner"))
    with tenancy.scope(world.acme.pk):
        product = Product.objects.filter(order_line__order=order).first()
        number = order.invoices.get().number
    address = f"{product.get_absolute_url()}billing/"
    page = world.client("owner").get(address).text
    assert f"/o/acme/orders/{order.pk}/" in page
    assert f"/o/acme/invoices/{number}/" in page
    assert "Price today" in page
    assert f'href="{address}" aria-current="page"' in page


def test_what_was_not_bought_here_says_so(world: World) -> None:
    address = f"/o/acme/hosting/{world.products['hosting'].pk}/billing/"
    assert "It was not bought by Acme" in world.client("owner").get(address).text


def test_without_the_right_the_tab_is_greyed(world: World) -> None:
    product = f"/o/acme/hosting/{world.products['hosting'].pk}/"
    page = world.client("viewer").get(product).text
    assert f"{product}billing/" not in page
    assert 'popovertarget="needs-billing"' in page
    assert world.client("viewer").get(f"{product}billing/").status_code == 403
