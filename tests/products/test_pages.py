"""What the page of a product says of its state, and what it offers there."""

import pytest

from organizations.models import Event
from products import jobs
from products.actions import product as actions
from products.models import Job, Product
from tests.people import World

pytestmark = pytest.mark.django_db

PROGRESS = {"HX-Request": "true", "HX-Target": "progress"}


def address(world: World, kind: str) -> str:
    return f"/o/acme/{kind}/{world.products[kind].pk}/"


@pytest.mark.parametrize("kind", ["domains", "hosting", "email"])
@pytest.mark.parametrize("headers", [{}, PROGRESS], ids=["page", "live"])
def test_of_a_cancelled_product_nothing_is_promised(world: World, kind: str, headers: dict[str, str]) -> None:
    access = world.access("owner")
    product = world.products[kind]
    product.activated_at = product.created_at
    product.save()
    actions.cancel(product, by=access)
    jobs.run(Job.objects.get().pk)
    page = " ".join(world.client("owner").get(address(world, kind), headers=headers).text.split())
    assert "It was cancelled on" in page
    assert "yet" not in page
    assert "as soon as" not in page
    assert 'popovertarget="manage"' not in page


def test_what_never_was_set_up_says_when_it_ended(world: World) -> None:
    access = world.access("owner")
    product = actions.reserve(world.acme, world.plans["domains"], "never.ch", period=12, options={}, by=access)
    actions.abandon(product, by=access)
    page = world.client("owner").get(product.get_absolute_url()).text
    assert "before it was set up" in page
    assert "Never registered by us" in page


def test_a_product_that_stands_asks_no_log(world: World, django_assert_num_queries: object) -> None:
    access = world.access("owner")
    Event.objects.create(organization=world.acme, verb="product.abandon", target_type="products.product", target_id=1)
    from products.views.product import ended

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert ended(access, world.products["hosting"]) is None


def test_suspending_asks_first_and_names_what(world: World) -> None:
    page = world.client("owner").get(address(world, "hosting")).text
    assert "Suspend acme.ch?" in page
    assert page.count(f'action="{address(world, "hosting")}suspend/"') == 1
    assert 'command="show-modal" commandfor="suspend"' in page
    beside = world.client("owner").get(address(world, "hosting") + "activity/").text
    assert f'href="{address(world, "hosting")}#suspend"' in beside
    assert "suspend/" not in world.client("technician").get(address(world, "hosting")).text


def test_retrying_needs_what_the_work_needs(world: World) -> None:
    world.access("owner")
    product = Product.objects.get(pk=world.products["hosting"].pk)
    job = Job.objects.create(organization=world.acme, product=product, verb="suspend", state="waiting")
    retry = f"{address(world, 'hosting')}jobs/{job.pk}/retry/"
    assert retry in world.client("owner").get(address(world, "hosting")).text
    assert retry not in world.client("technician").get(address(world, "hosting")).text
