"""The sidebar says where one is: on every page of an organization, and on one that shows what was wrong."""

import re

import pytest
from django.urls import reverse

from organizations import tenancy
from tests.access_matrix import MATRIX
from tests.people import World

pytestmark = pytest.mark.django_db

# What is found stands in many places.
NOWHERE = {"search"}


def current(page: str) -> list[str]:
    """The labels of the entries that are marked."""
    sidebar = page[page.index('id="sidebar"') : page.index("</nav>", page.index('id="sidebar"'))]
    marked = re.findall(r'aria-current="page">(.*?)</a>', sidebar, re.DOTALL)
    return [re.findall(r'class="entry-text">([^<]+)<', entry)[0] for entry in marked]


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.get and name not in NOWHERE])
def test_every_page_of_an_organization_marks_one_entry(world: World, name: str) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        arguments = row.arguments(world)
    if "organization" not in arguments:
        return
    answer = world.client("owner").get(reverse(name, kwargs=arguments))
    # What does not exist is nowhere.
    if answer.status_code == 404:
        return
    if answer["Content-Type"].startswith("text/html") and 'id="sidebar"' in answer.text:
        assert len(current(answer.text)) == 1


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/o/acme/", "Home"),
        ("/o/acme/invitations/new/", "Users"),
        ("/o/acme/teams/new/", "Teams"),
        ("/o/acme/sign-in-rules/", "Organization settings"),
        ("/o/acme/delete/", "Organization settings"),
        ("/o/acme/leave/", "My membership"),
        ("/o/acme/hosting/", "Hosting"),
    ],
)
def test_it_is_the_entry_it_belongs_to(world: World, address: str, label: str) -> None:
    assert current(world.client("owner").get(address).text) == [label]


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/o/acme/members/change/", "Users"),
        ("/o/acme/sign-in-rules/require/", "Organization settings"),
        ("/o/acme/settings/logo/", "Organization settings"),
        ("/o/acme/requests/new/", "Requests"),
    ],
)
def test_a_page_that_says_what_is_wrong_marks_it_too(world: World, address: str, label: str) -> None:
    answer = world.client("owner").post(address)
    assert answer.status_code == 422
    assert current(answer.text) == [label]
