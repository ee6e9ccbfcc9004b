"""Nothing found here, but in another organization of the same person: named where they may look, and nowhere else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations import tenancy
from organizations.models import Membership
from organizations.roles import Role
from products.models import Product
from tests import people
from tests.budgets import BUDGETS
from tests.people import VIEWING, World

pytestmark = pytest.mark.django_db

SECRET = re.compile(r'((?:name="csrfmiddlewaretoken" value|nonce)=")[^"]+')


def joins_other(world: World, person: str, role: Role = Role.ADMINISTRATOR, **fields: Any) -> None:
    """Other has the domain, the hosting and the email other.ch, and a hosting that Acme has not: only-there.ch."""
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users[person], role=role, **fields)
        only = people.product(world.other, world.plans["hosting"], "only-there.ch")
        only.label = "The shop"
        only.save()


def body(client: Client, address: str) -> tuple[int, str]:
    """The answer, apart from its tokens, its nonce and the address that it repeats."""
    answer = client.get(address)
    return answer.status_code, SECRET.sub(r"\1", answer.text).replace(address, "ADDRESS")


PALETTE = {"HX-Request": "true", "HX-Target": "palette-results"}
LINK = re.compile(r'<a class="entry" href="(/o/[^"]+)"')


def results(client: Client, address: str) -> list[str]:
    """Where the hits of a search lead, in the palette and on its page: both show the same."""
    part = client.get(address, headers=PALETTE).text
    page = client.get(address).text
    assert "<html" not in part
    assert LINK.findall(page[page.index('<form class="card-header" role="search"') :]) == LINK.findall(part)
    return LINK.findall(part)


def here(world: World, *names: str, kind: str = "email") -> list[str]:
    with tenancy.scope(world.acme.pk):
        return [people.product(world.acme, world.plans[kind], name).get_absolute_url() for name in names]


def there(world: World) -> str:
    with tenancy.scope(world.other.pk):
        return Product.objects.get(name="only-there.ch").get_absolute_url()


@pytest.mark.parametrize("text", ["only-there", "ONLY", "shop"])
def test_a_search_finds_what_is_in_my_other_organizations(world: World, text: str) -> None:
    joins_other(world, "owner")
    page = world.client("owner").get("/o/acme/search/", {"q": text}).text
    assert "Nothing in Acme matches" in page
    assert "In your other organizations" in page
    assert "Hosting in Other, The shop" in page.replace("<mark>", "").replace("</mark>", "")
    assert results(world.client("owner"), f"/o/acme/search/?q={text}") == [there(world)]


def test_this_organization_comes_first(world: World) -> None:
    joins_other(world, "owner")
    mine = here(world, "zz-only-here.ch")
    client = world.client("owner")
    assert results(client, "/o/acme/search/?q=only") == [*mine, there(world)]
    assert "Nothing in" not in client.get("/o/acme/search/?q=only").text
    # Seen from there it is the other way round.
    assert results(client, "/o/other/search/?q=only") == [there(world), *mine]


def test_of_the_others_it_shows_a_few_and_leads_to_all(world: World) -> None:
    joins_other(world, "owner")
    mine = here(world, *(f"only-{number:02}.ch" for number in range(20)))
    with tenancy.scope(world.other.pk):
        theirs = [people.product(world.other, world.plans["email"], f"only-at-{number}.ch") for number in range(7)]
    client = world.client("owner")
    found = results(client, "/o/acme/search/?q=only")
    assert found == [*mine, *(product.get_absolute_url() for product in theirs), there(world)]
    assert 'href="/everywhere/?q=only"' not in client.get("/o/acme/search/?q=only").text
    here(world, "only-99.ch")
    assert results(client, "/o/acme/search/?q=only") == found
    assert 'href="/everywhere/?q=only"' in client.get("/o/acme/search/?q=only").text


def test_without_an_organization_all_of_mine_are_searched(world: World) -> None:
    joins_other(world, "owner")
    mine = here(world, "zz-only-here.ch")
    client = world.client("owner")
    assert results(client, "/search/?q=only") == [there(world), *mine]
    label = world.products["email"].kind.label_one
    assert f"{label} in Acme" in client.get("/search/?q=only").text
    assert "Nothing in your organizations matches" in client.get("/search/?q=never").text
    assert results(world.client("nobody"), "/search/?q=only") == []
    assert results(world.client("staff"), "/search/?q=only") == []


@pytest.mark.parametrize("address", ["/organizations/", "/everywhere/", "/profile/", "/search/"])
def test_there_is_a_palette_without_an_organization(world: World, address: str) -> None:
    page = world.client("owner").get(address).text
    assert 'id="palette"' in page
    assert 'hx-get="/search/"' in page


def test_in_an_organization_the_palette_begins_there(world: World) -> None:
    assert 'hx-get="/o/acme/search/"' in world.client("viewer").get("/o/acme/").text
    # Where it is closed to me, it would answer nothing.
    assert 'hx-get="/search/"' in world.client("suspended").get("/o/acme/").text


@pytest.mark.parametrize("text", ["only", "acme", "", "never"])
@pytest.mark.parametrize("person", ["owner", "viewer", "collaborator", VIEWING])
@pytest.mark.parametrize("address", ["/o/acme/search/", "/search/"])
def test_a_search_keeps_to_its_budget(world: World, person: str, text: str, address: str) -> None:
    joins_other(world, person)
    client = world.client(person)
    asked = f"{address}?q={text}"
    client.get(asked)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(asked).status_code == 200
    # Whoever looks as somebody else has that one's membership read as well.
    assert len(captured) <= BUDGETS["/o/acme/search/?q=site"] + (person == VIEWING and "acme" in address)
    with CaptureQueriesContext(connection) as captured:
        client.get(asked, headers=PALETTE)
    assert len(captured) <= 9


@pytest.mark.parametrize(
    ("query", "named"), [("q=only", True), ("q=only&state=active", True), ("q=only&state=suspended", False)]
)
def test_a_list_that_is_narrowed_to_nothing_names_where_there_are_some(world: World, query: str, named: bool) -> None:
    joins_other(world, "owner")
    page = world.client("owner").get(f"/o/acme/hosting/?{query}").text
    assert ("/o/other/hosting/?q=only" in page) == named


def test_what_is_of_another_kind_is_not_counted(world: World) -> None:
    joins_other(world, "owner")
    assert "/o/other/" not in places(world.client("owner").get("/o/acme/email/?q=only").text)


def lookups(world: World) -> list[str]:
    foreign = world.foreign["hosting"].pk
    return [
        "/o/acme/search/?q=only",
        "/o/acme/hosting/?q=only",
        f"/o/acme/hosting/{foreign}/",
        f"/o/acme/hosting/{foreign}/activity/",
        f"/o/acme/hosting/{foreign}/access/",
    ]


def places(page: str) -> str:
    """What the page says below its heading: the switcher, which names all of one's organizations, stands above."""
    return page[page.index('id="main"') :]


def test_where_one_may_look_it_is_named(world: World) -> None:
    joins_other(world, "owner")
    for address in lookups(world):
        assert "/o/other/" in places(world.client("owner").get(address).text), address


@pytest.mark.parametrize(
    "fields",
    [
        {"suspended_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=1)},
        {"role": Role.COLLABORATOR},
    ],
    ids=["suspended", "ended", "without rights"],
)
def test_what_is_closed_to_me_there_is_not_named(world: World, fields: dict[str, Any]) -> None:
    joins_other(world, "owner", **fields)
    for address in (*lookups(world), "/search/?q=only"):
        assert "/o/other/" not in places(world.client("owner").get(address).text), address


def test_where_a_second_factor_is_missing_nothing_is_named(world: World) -> None:
    joins_other(world, "owner")
    world.other.second_factor_from = timezone.now()
    world.other.save()
    for address in (*lookups(world), "/search/?q=only"):
        assert "/o/other/" not in places(world.client("owner").get(address).text), address


def test_whoever_looks_as_somebody_else_sees_nothing_of_their_own(world: World) -> None:
    joins_other(world, VIEWING)
    for address in lookups(world):
        page = world.client(VIEWING).get(address).text
        assert "/o/other/" not in places(page), address
        assert "Products: 1" not in page


@pytest.mark.parametrize("person", ["collaborator", "viewer", "external", "orderer", "biller"])
def test_what_i_may_not_see_answers_like_what_does_not_exist(world: World, person: str) -> None:
    """Of this organization, and of others, mine or not: the same bytes."""
    joins_other(world, person, Role.EXTERNAL)
    client = world.client(person)
    hidden = [world.products["email"].pk, world.foreign["email"].pk]
    for below in ("", "activity/", "access/"):
        nothing = body(client, f"/o/acme/email/999999/{below}")
        assert nothing[0] == 404
        for pk in hidden:
            assert body(client, f"/o/acme/email/{pk}/{below}") == nothing
    assert body(client, "/o/other/") != body(client, "/o/no-such/")
    assert body(world.client("nobody"), "/o/acme/") == body(world.client("nobody"), "/o/no-such/")
    found = body(client, "/o/acme/search/?q=other.ch")
    assert found == (found[0], body(client, "/o/acme/search/?q=never.ch")[1].replace("never.ch", "other.ch"))


def test_one_product_is_named_with_its_own_address(world: World) -> None:
    joins_other(world, "owner")
    foreign = world.foreign["hosting"]
    page = world.client("owner").get(f"/o/acme/hosting/{foreign.pk}/activity/").text
    assert f'href="/o/other/hosting/{foreign.pk}/"' in page
    assert "Hosting other.ch" in page


def test_nothing_is_looked_for_where_there_is_nowhere_to_look(world: World) -> None:
    world.access("owner")
    Product.objects.all().update(state="cancelled")
    client = world.client("owner")
    client.get("/o/acme/hosting/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/o/acme/hosting/")
    assert len(captured) <= BUDGETS["/o/acme/hosting/"]
