"""All products of all organizations: whose they are, filters, order, pages, and how much is asked for them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from organizations import tenancy
from organizations.models import Membership, Organization, OrganizationUserGrant
from organizations.roles import Role
from products.models import Product, ProductUserGrant
from products.models.product import State
from products.permissions import ids
from tests import people
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db


def joins(user: User, organization: Organization, role: Role = Role.ADMINISTRATOR, **fields: Any) -> Membership:
    with tenancy.scope(organization.pk):
        return Membership.objects.create(organization=organization, user=user, role=role, **fields)


@pytest.fixture
def webmaster(world: World) -> Client:
    """Works for three organizations, in the third with one product only."""
    user = people.user("webmaster")
    third = Organization.objects.create(name="Third & Sons", slug="third", country="DE")
    joins(user, world.acme)
    joins(user, world.other)
    joins(user, third, Role.EXTERNAL)
    with tenancy.scope(third.pk):
        for name in ("third.ch", "hidden.ch"):
            people.product(third, world.plans["domains"], name)
        given = Product.objects.get(name="third.ch")
        ProductUserGrant.objects.create(user=user, content_object=given, permission_id=ids(Product)["view"])
    world.users["webmaster"] = user
    return world.client("webmaster")


def rows(client: Client, query: str = "") -> list[tuple[str, str]]:
    """Address and organization of each row."""
    page = client.get(f"/everywhere/{query}").content.decode()
    found = re.findall(r'<a class="row-link" href="(/o/[^"]+)">(.*?)</tr>', page, re.S)
    return [(address, re.search(r"</?(?:span|img)[^>]*>\s*<span>(.*?)</span>", rest)[1]) for address, rest in found]  # type: ignore[index]


def addresses(client: Client, query: str = "") -> list[str]:
    return [address for address, _organization in rows(client, query)]


def address(product: Product) -> str:
    return product.get_absolute_url()


def test_it_shows_every_product_i_may_see_and_no_other(world: World, webmaster: Client) -> None:
    found = rows(webmaster)
    assert len(found) == 7
    for product in (*world.products.values(), *world.foreign.values()):
        assert (address(product), product.organization.name) in found
    assert [organization for place, organization in found if place.startswith("/o/third/")] == ["Third &amp; Sons"]
    assert "hidden.ch" not in webmaster.get("/everywhere/").content.decode()
    assert all(webmaster.get(place).status_code == 200 for place, _organization in found)


@pytest.mark.parametrize("person", [*MEMBERS, "outsider", "nobody", "former", "staff"])
def test_it_is_what_the_lists_of_the_organizations_show(world: World, person: str) -> None:
    joins(world.users["biller"], world.other, Role.COLLABORATOR)
    with tenancy.scope(world.acme.pk):
        OrganizationUserGrant.objects.create(
            user=world.users["biller"], content_object=world.acme, permission_id=ids(Organization)["domains.view"]
        )
    client = world.client(person)
    single = set()
    for place in ("acme", "other"):
        for kind in ("domains", "hosting", "email"):
            page = client.get(f"/o/{place}/{kind}/").content.decode()
            single |= set(re.findall(r'<a class="row-link" href="(/o/[^"]+)"', page))
    assert set(addresses(client)) == single


def test_no_scope_is_left_open(webmaster: Client) -> None:
    webmaster.get("/everywhere/")
    assert tenancy.current() == tenancy.NOTHING


@pytest.mark.parametrize(
    ("closing", "said"),
    [
        ({"suspended_at": timezone.now()}, "Your access is suspended since"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "Your access ended"),
        ({}, "It asks for a second factor, and your login has none."),
    ],
)
def test_a_closed_organization_is_named_with_its_reason_and_shows_nothing(
    world: World, webmaster: Client, closing: dict[str, Any], said: str
) -> None:
    with tenancy.scope(world.other.pk):
        if closing:
            Membership.objects.filter(user=world.users["webmaster"]).update(**closing)
        else:
            Organization.objects.filter(pk=world.other.pk).update(second_factor_from=timezone.now())
    page = webmaster.get("/everywhere/").content.decode()
    closed = page[page.index("Closed to you") :]
    assert "Other" in closed
    assert said in closed
    assert not [place for place in addresses(webmaster) if place.startswith("/o/other/")]
    assert addresses(webmaster, "?organization=other") == addresses(webmaster)
    assert 'value="other"' not in page
    assert said in webmaster.get("/organizations/").content.decode()


def test_filters(world: World, webmaster: Client) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(pk=world.products["email"].pk).update(state="suspended", label="Newsletter 50%")
        Product.objects.filter(pk=world.products["domains"].pk).update(state="cancelled")
    acme = {kind: address(product) for kind, product in world.products.items()}
    assert set(addresses(webmaster, "?organization=acme")) == {acme["hosting"], acme["email"]}
    assert set(addresses(webmaster, "?kind=hosting")) == {acme["hosting"], address(world.foreign["hosting"])}
    assert addresses(webmaster, "?state=suspended") == [acme["email"]]
    assert addresses(webmaster, "?state=cancelled") == [acme["domains"]]
    assert addresses(webmaster, "?q=NEWSLETTER") == [acme["email"]]
    assert addresses(webmaster, "?q=50%25") == [acme["email"]]
    assert addresses(webmaster, "?q=third") == [place for place in addresses(webmaster) if "/third/" in place]
    assert addresses(webmaster, "?q=acme&kind=email&organization=acme&state=suspended") == [acme["email"]]
    assert addresses(webmaster, "?q=acme&organization=other") == []


@pytest.mark.parametrize(
    "query", ["?organization=nowhere", "?kind=nothing", "?state=x", "?sort=x", "?page=99", "?page=x"]
)
def test_what_is_not_known_filters_nothing(webmaster: Client, query: str) -> None:
    assert addresses(webmaster, query) == addresses(webmaster)


def test_the_button_that_was_pressed_counts(webmaster: Client) -> None:
    """The form keeps what was chosen before, and sends the new choice after it."""
    page = webmaster.get("/everywhere/?organization=other").content.decode()
    assert '<input type="hidden" name="organization" value="other">' in page
    assert addresses(webmaster, "?organization=other&organization=acme") == addresses(webmaster, "?organization=acme")
    assert addresses(webmaster, "?organization=other&organization=") == addresses(webmaster)


@pytest.mark.parametrize("sort", ["name", "organization", "expires"])
def test_order(world: World, webmaster: Client, sort: str) -> None:
    soon = timezone.now()
    with tenancy.scope(world.acme.pk):
        for days, kind in enumerate(("hosting", "email")):
            moment = soon + timedelta(days=days)
            Product.objects.filter(pk=world.products[kind].pk).update(expires_at=moment)
    there, back = addresses(webmaster, f"?sort={sort}"), addresses(webmaster, f"?sort=-{sort}")
    assert len(there) == len(back) == 7
    if sort == "name":
        assert there == back[::-1]
        assert there[-1].startswith("/o/third/")
    elif sort == "organization":
        places = [place.split("/")[2] for place in there]
        assert places == sorted(places)
        assert [place.split("/")[2] for place in back] == sorted(places, reverse=True)
    else:
        # What has no end comes last, either way.
        dated = [address(world.products["hosting"]), address(world.products["email"])]
        assert there[:2] == dated
        assert back[:2] == dated[::-1]


def test_pages(world: World, webmaster: Client) -> None:
    furnish(world, 60)
    first, second = addresses(webmaster), addresses(webmaster, "?page=2")
    assert (len(first), len(second)) == (50, 17)
    assert not set(first) & set(second)
    assert "1 to 50 of 67" in webmaster.get("/everywhere/").content.decode()


def test_a_fragment_is_the_rows_and_says_how_many(webmaster: Client) -> None:
    answer = webmaster.get("/everywhere/?q=third", headers={"HX-Request": "true", "HX-Target": "rows"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "1 found" in text


@pytest.mark.parametrize("query", ["?q=zzz", "?state=failed", "?organization=third&kind=email"])
def test_nothing_found_says_where_it_was_looked_for(webmaster: Client, query: str) -> None:
    page = webmaster.get(f"/everywhere/{query}").content.decode()
    assert ("We looked for:" in page) is ("q=" not in query)
    assert "All organizations," not in page
    assert 'href="/everywhere/">Show all' in page


def test_who_belongs_to_none_and_who_sees_nothing_are_told_the_way_on(world: World) -> None:
    assert "You belong to no organization yet" in world.client("nobody").get("/everywhere/").content.decode()
    assert "No product is open to you yet" in world.client("collaborator").get("/everywhere/").content.decode()


def test_the_two_pages_lead_to_each_other_and_menus_to_them(webmaster: Client) -> None:
    assert 'href="/organizations/">Organizations' in webmaster.get("/everywhere/").content.decode()
    assert 'href="/everywhere/">Products' in webmaster.get("/organizations/").content.decode()
    assert 'href="/everywhere/"' in webmaster.get("/o/acme/").content.decode()


def furnish(world: World, number: int) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{index}.example.ch",
                state=State.ACTIVE,
            )
            for index in range(number)
        )


def queries(client: Client, query: str = "") -> int:
    client.get("/everywhere/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/everywhere/{query}").status_code == 200
    return len(captured)


def test_it_asks_the_same_for_ten_thousand_products_and_fifty_organizations(world: World, webmaster: Client) -> None:
    few = queries(webmaster)
    furnish(world, 10_000)
    for index in range(50):
        more = Organization.objects.create(name=f"More {index}", slug=f"more-{index}", country="CH")
        joins(world.users["webmaster"], more, Role.EXTERNAL if index % 2 else Role.ADMINISTRATOR)
    assert queries(webmaster) == few <= 12
    # Where a role shows everything, grants are not asked for.
    assert queries(webmaster, "?q=site&sort=-expires&organization=acme&page=7") == few - 1
