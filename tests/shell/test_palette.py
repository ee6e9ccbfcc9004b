"""The palette: products by nearly their name, pages, actions; as far as one's rights go."""

import re

import pytest
from django.test import Client

from manager.shell import commands
from manager.shell.templatetags.palette import marked
from organizations import tenancy
from organizations.models import Membership
from organizations.roles import Role
from products.models import Product
from products.models.product import State
from tests.people import VIEWING, World

pytestmark = pytest.mark.django_db
PALETTE = {"HX-Request": "true", "HX-Target": "palette-results"}


def asked(client: Client, text: str, address: str = "/o/acme/search/") -> str:
    answer = client.get(address, {"q": text}, headers=PALETTE)
    assert answer.status_code == 200
    return answer.text


def links(html: str) -> list[str]:
    return re.findall(r'<a class="entry" href="([^"]+)"', html)


def add(world: World, *names: str) -> None:
    with tenancy.scope(world.acme.pk):
        for name in names:
            row = {"kind_slug": "hosting", "plan": world.plans["hosting"], "state": State.ACTIVE}
            Product.objects.create(organization=world.acme, name=name, **row)


@pytest.mark.parametrize("text", ["nordwnd", "nordwind", "Nordwind.ch", "noordwind", "ordwind"])
def test_a_product_is_found_by_nearly_its_name(world: World, text: str) -> None:
    add(world, "nordwind.ch", "suedwind.ch")
    found = asked(world.client("owner"), text)
    assert "wind.ch" in re.sub("<[^>]+>", "", found)
    first = Product.objects.none()
    with tenancy.scope(world.acme.pk):
        first = Product.objects.filter(name="nordwind.ch")
        assert links(found)[0] == first.select_related("organization").get().get_absolute_url()


def test_what_begins_so_comes_before_what_contains_it(world: World) -> None:
    add(world, "wind.ch", "nordwind.ch", "windrad.ch", "wnid.ch")
    found = re.sub("<[^>]+>", "", asked(world.client("owner"), "wind"))
    places = [found.index(name) for name in ("wind.ch", "windrad.ch", "nordwind.ch")]
    assert places == sorted(places)


def test_names_with_other_letters_are_found_as_people_read_them(world: World) -> None:
    add(world, "xn--bro-hoa.ch")
    found = re.sub("<[^>]+>", "", asked(world.client("owner"), "büro"))
    assert "büro.ch" in found


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("users", "/o/acme/members/"),
        ("colleag", "/o/acme/members/"),
        ("VAT", "/o/acme/invoices/"),
        ("INVOI", "/o/acme/invoices/"),
        ("2fa", "/accounts/2fa/"),
        ("passw", "/accounts/password/change/"),
        ("dark", "/profile/"),
        ("invite", "/o/acme/invitations/new/"),
        ("order dom", "/order/domains/?organization=acme"),
        ("hosting", "/o/acme/hosting/"),
        ("log out", "/accounts/logout/"),
        ("tour", "/o/acme/?tour"),
    ],
)
def test_pages_and_actions_are_found_by_what_people_call_them(world: World, text: str, path: str) -> None:
    found = links(asked(world.client("owner"), text))
    assert path in found
    assert world.client("owner").get(path).status_code == 200


def test_what_is_closed_says_why_and_leads_nowhere(world: World) -> None:
    found = asked(world.client("viewer"), "invoices")
    assert "/o/acme/invoices/" not in links(found)
    assert "You need the right" in found
    assert 'aria-disabled="true"' in found
    # Without a word typed, only what is open is offered.
    assert "You need the right" not in asked(world.client("viewer"), "")


def test_every_page_that_is_offered_opens(world: World) -> None:
    for person in ("owner", "administrator", "biller", "orderer", "collaborator", "viewer", "external"):
        client = world.client(person)
        offered = {path for text in ("", ">", "a", "i", "o", "s", "t", "m") for path in links(asked(client, text))}
        assert len(offered) > 5
        for path in offered:
            assert client.get(path).status_code in (200, 302), (person, path)


def test_a_sign_narrows_to_actions(world: World) -> None:
    client = world.client("owner")
    found = links(asked(client, ">invite"))
    assert found[0] == "/o/acme/invitations/new/"
    assert not [path for path in links(asked(client, "> acme")) if "/hosting/" in path]
    assert "/o/acme/members/" not in links(asked(client, ">users"))


def test_another_organization_is_switched_to_by_its_name(world: World) -> None:
    with tenancy.scope(world.other.pk):
        row = {"user": world.users["viewer"], "role": Role.COLLABORATOR}
        Membership.objects.create(organization=world.other, **row)
    assert "/o/other/" in links(asked(world.client("viewer"), "oth"))
    assert "/o/other/" in links(asked(world.client("viewer"), "switch to oth", "/search/"))
    assert "/o/other/" not in links(asked(world.client("owner"), "oth"))


def test_whoever_looks_as_somebody_else_is_offered_what_that_person_has(world: World) -> None:
    client = world.client(VIEWING)
    assert "/profile/" not in links(asked(client, "profile"))
    assert "/o/acme/members/" not in links(asked(client, "users"))


def test_without_scripts_the_page_shows_the_same(world: World) -> None:
    page = world.client("owner").get("/o/acme/search/", {"q": "invite"}).text
    assert "<h2" in page
    assert "/o/acme/invitations/new/" in links(page)


def test_hostile_words_stay_text(world: World) -> None:
    add(world, "nordwind.ch")
    for text in ("<script>", "%", "_", "\\", "(", "a" * 300, ">", "?", "?<b>", "> " * 100, "\u202e", "'--", "*"):
        found = asked(world.client("owner"), text)
        assert "<script>" not in found
        assert "<b>" not in found


def test_the_match_is_marked_and_the_rest_escaped() -> None:
    assert marked("Nordwind <b>", "wind") == "Nord<mark>wind</mark> &lt;b&gt;"
    assert marked("Nordwind", "süd") == "Nordwind"
    assert marked("a<b", "<") == "a<mark>&lt;</mark>b"


@pytest.mark.parametrize(
    ("asked", "label", "score"),
    [
        ("us", "Users", 3),
        ("settings", "Organization settings", 2),
        ("kontakt ä", "Ärger Kontakt", 2),
        ("x", "Users", 0),
    ],
)
def test_words_are_compared_without_accents_and_capitals(asked: str, label: str, score: int) -> None:
    assert commands.score(commands.fold(asked), label) == score


def test_guides_are_found_and_opened(world: World) -> None:
    for text in ("invite", "?invite", "? second factor"):
        found = [path for path in links(asked(world.client("viewer"), text)) if path.startswith("/help/")]
        assert found, text
        assert world.client("viewer").get(found[0]).status_code == 200
    assert not [path for path in links(asked(world.client("viewer"), ">invite")) if path.startswith("/help/")]
    assert not [path for path in links(asked(world.client("viewer"), "?hosting")) if not path.startswith("/help/")]
