"""Every page below home says where it is."""

import html
import re

import pytest
from django.urls import reverse

from organizations import tenancy
from tests.access_matrix import MATRIX, SIGN_IN
from tests.people import World

pytestmark = pytest.mark.django_db

# Where trails begin: home, and the front page of the help centre.
ABOVE = {"home", "landing", "help"}


def trail(page: str) -> list[str]:
    found = re.findall(r'<nav class="breadcrumbs".*?</nav>', page, re.DOTALL)
    assert len(found) == 1
    assert found[0].count('aria-current="page"') == 1
    return [html.unescape(re.sub(r"<[^>]+>", "", crumb)) for crumb in re.findall(r"<li.*?</li>", found[0], re.DOTALL)]


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.get and name not in ABOVE])
def test_every_signed_in_page_has_one(world: World, name: str) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        arguments = row.arguments(world)
    answer = world.client("staff" if name == "health" else "owner").get(reverse(name, kwargs=arguments))
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and 'id="sidebar"' in answer.text:
        assert len(trail(answer.text)) > 1


@pytest.mark.parametrize("name", [name for name, (_, status) in SIGN_IN.items() if status == 200])
def test_so_have_the_pages_of_the_account(world: World, name: str) -> None:
    answer = world.client("owner").get(reverse(name))
    if 'id="sidebar"' in answer.text:
        assert trail(answer.text)[0] == "Your account"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/o/acme/hosting/", ["Home", "Web & Domain", "Hosting"]),
        ("/o/acme/hosting/{hosting}/", ["Home", "Web & Domain", "Hosting", "acme.ch"]),
        ("/o/acme/hosting/{hosting}/billing/", ["Home", "Web & Domain", "Hosting", "acme.ch", "Billing"]),
        ("/o/acme/invitations/new/", ["Home", "Users & Profile", "Users", "Invitations", "Invite"]),
        ("/o/acme/sign-in-rules/", ["Home", "Organization", "Organization settings", "Sign-in rules"]),
        ("/o/acme/invoices/", ["Home", "Accounting", "Invoices"]),
        ("/o/acme/search/?q=a", ["Home", "Search"]),
        ("/profile/", ["Your account", "Profile"]),
        ("/accounts/2fa/", ["Your account", "Second factor"]),
        ("/everywhere/", ["All organizations", "Products"]),
    ],
)
def test_it_leads_back(world: World, address: str, expected: list[str]) -> None:
    address = address.format(hosting=world.products["hosting"].pk)
    address = reverse("mfa_index") if "2fa" in address else address
    assert trail(world.client("owner").get(address).text) == expected


def test_home_has_none(world: World) -> None:
    assert 'class="breadcrumbs"' not in world.client("owner").get("/o/acme/").text
