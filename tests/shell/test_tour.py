"""The tour points at what is there: for everybody, on every page that it leads over."""

import re

import pytest

from manager.shell import tour
from organizations import tenancy
from products.models import Product
from tests.access_matrix import ACTIVE
from tests.people import VIEWING, World

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "home": "/o/acme/",
    "product_list": "/o/acme/{kind}/",
    "product": "/o/acme/{kind}/{product}/",
    "members": "/o/acme/members/",
}
PERSONAL = ("/profile/", "/everywhere/", "/organizations/")


def anchors(html: str) -> list[str]:
    return re.findall(r'data-tour="([^"]+)"', html)


def test_every_page_of_the_tour_is_looked_at() -> None:
    assert ADDRESSES.keys() == tour.PAGES.keys()
    assert set(tour.OPENS) <= tour.PAGES.keys()


@pytest.mark.parametrize("person", [*ACTIVE, VIEWING])
@pytest.mark.parametrize("kind", ["domains", "hosting", "email"])
def test_each_step_stands_beside_a_control_that_is_there_once(world: World, person: str, kind: str) -> None:
    client = world.client(person)
    for name, address in ADDRESSES.items():
        answer = client.get(address.format(kind=kind, product=world.products[kind].pk))
        if answer.status_code != 200:
            assert name in ("product", "members")
            continue
        found = anchors(answer.text)
        steps = answer.context["shell"].tour
        own = [step["anchor"] for step in steps if step["key"].startswith(f"{name}:")]
        assert own, name
        for step in steps:
            assert found.count(step["anchor"]) == 1, (name, step["anchor"])


@pytest.mark.parametrize("person", ["owner", "collaborator"])
def test_an_empty_organization_has_the_same_tour(world: World, person: str) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.update(state="cancelled")
    for name in ("home", "product_list"):
        answer = world.client(person).get(ADDRESSES[name].format(kind="hosting"))
        found = anchors(answer.text)
        assert all(found.count(step["anchor"]) == 1 for step in answer.context["shell"].tour)


@pytest.mark.parametrize("person", ["owner", "outsider", "nobody", "staff"])
def test_pages_of_no_organization_have_the_steps_of_the_frame(world: World, person: str) -> None:
    for address in PERSONAL:
        answer = world.client(person).get(address)
        steps = answer.context["shell"].tour
        assert len(steps) > 3
        assert all(anchors(answer.text).count(step["anchor"]) == 1 for step in steps), address


def test_nobody_is_shown_what_they_may_not_use(world: World) -> None:
    def own(person: str) -> set[str]:
        return {step["key"] for step in world.client(person).get("/o/acme/").context["shell"].tour}

    assert own("owner") - own("biller") == {"home:order"}
    lists = world.client("biller").get("/o/acme/hosting/").context["shell"].tour
    assert not any("url" in step for step in lists if step["key"].startswith("product_list:"))
    led = world.client("owner").get("/o/acme/hosting/").context["shell"].tour
    assert [step["url"] for step in led if "url" in step] == ["/o/acme/members/?tour"]


def test_it_goes_on_where_it_stood(world: World) -> None:
    client = world.client("owner")
    client.post("/profile/tour/", {"step": "home:tiles"})
    assert 'data-from="home:tiles"' in client.get("/o/acme/").text
    # Another page of the tour begins with its own; one that has none is left alone.
    assert 'data-from="product_list:order"' in client.get("/o/acme/hosting/").text
    assert 'data-from=""' in client.get("/o/acme/orders/").text
    client.post("/profile/tour/", {"step": "shell:search"})
    assert 'data-from="shell:search"' in client.get("/o/acme/orders/").text
    client.post("/profile/tour/")
    assert 'data-from=""' in client.get("/o/acme/").text


def test_whoever_looks_as_somebody_else_is_shown_no_tour_by_itself(world: World) -> None:
    viewer = world.users[VIEWING]
    viewer.tour_seen, viewer.tour_step = False, "home:tiles"
    viewer.save()
    page = world.client(VIEWING).get("/o/acme/").text
    assert "data-tour-pending" not in page
    assert 'data-from=""' in page
