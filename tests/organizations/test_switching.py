"""Several organizations in one browser: links without one, the switcher, two tabs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations import tenancy
from organizations.models import Membership, Organization
from organizations.roles import Role
from tests.people import World

pytestmark = pytest.mark.django_db


def joins(world: World, person: str, organization: Organization, **fields: Any) -> None:
    fields = {"role": Role.ADMINISTRATOR} | fields
    with tenancy.scope(organization.pk):
        Membership.objects.create(organization=organization, user=world.users[person], **fields)


@pytest.fixture
def both(world: World) -> Client:
    joins(world, "administrator", world.other)
    return world.client("administrator")


@pytest.mark.parametrize("kind", ["domains", "hosting", "email"])
def test_a_link_without_an_organization_leads_to_the_one_used_last(both: Client, kind: str) -> None:
    for place in ("other", "acme", "other"):
        # Any page counts as use.
        both.get(f"/o/{place}/settings/")
        answer = both.get(f"/{kind}/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/o/{place}/{kind}/"
        assert answer.status_code == 200
        assert both.get("/")["Location"] == f"/o/{place}/"


def test_what_an_open_page_asks_for_by_itself_is_no_visit(world: World, both: Client) -> None:
    """Pages of two organizations side by side, both of which look every two seconds what is new."""
    both.get("/o/other/")
    both.get("/o/acme/")
    with CaptureQueriesContext(connection) as captured:
        for place in ("other", "acme", "other"):
            part = {"HX-Request": "true", "HX-Target": "operations"}
            assert both.get(f"/o/{place}/", headers=part).status_code == 200
    assert not [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]
    assert both.get("/hosting/")["Location"] == "/o/acme/hosting/"
    # What the person does there is one.
    both.post(f"/o/other/hosting/{world.foreign['hosting'].pk}/label/", {"text": "There"}, headers=part)
    assert both.get("/hosting/")["Location"] == "/o/other/hosting/"


def test_it_lasts_beyond_the_session(world: World, both: Client) -> None:
    both.get("/o/other/")
    assert world.client("administrator").get("/hosting/")["Location"] == "/o/other/hosting/"


def test_the_first_visit_of_all_leads_to_some_organization(both: Client) -> None:
    assert both.get("/hosting/")["Location"] in ("/o/acme/hosting/", "/o/other/hosting/")


def test_whoever_belongs_to_none_chooses_what_to_do(world: World) -> None:
    answer = world.client("nobody").get("/hosting/", follow=True)
    assert answer.redirect_chain[-1][0] == "/organizations/"
    assert "You belong to no organization yet" in answer.content.decode()


@pytest.mark.parametrize(
    "closing", [{"suspended_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(minutes=1)}]
)
def test_it_never_leads_into_one_that_is_closed(world: World, both: Client, closing: dict[str, Any]) -> None:
    both.get("/o/acme/")
    both.get("/o/other/")
    with tenancy.scope(world.other.pk):
        Membership.objects.filter(user=world.users["administrator"]).update(**closing)
    assert both.get("/hosting/")["Location"] == "/o/acme/hosting/"
    # Looking at the refusal is not use.
    assert both.get("/o/other/").status_code == 403
    assert both.get("/hosting/")["Location"] == "/o/acme/hosting/"


def test_who_is_suspended_everywhere_is_told_so(world: World) -> None:
    answer = world.client("suspended").get("/hosting/", follow=True)
    assert answer.redirect_chain[-1][0] == "/organizations/"
    assert "Your access is suspended since" in answer.content.decode()


def test_two_tabs_never_mix(world: World, both: Client) -> None:
    """One session, pages of two organizations in turn: each shows its own, and its forms post to its own."""
    with tenancy.scope(world.other.pk):
        world.foreign["hosting"].label = "Of the other"
        world.foreign["hosting"].save()
    mine = {"acme": world.products["hosting"], "other": world.foreign["hosting"]}
    for _round in range(2):
        for place, product in mine.items():
            elsewhere = "other" if place == "acme" else "acme"
            listing = both.get(f"/o/{place}/hosting/").content.decode()
            assert re.findall(r'row-link" href="([^"]+)"', listing) == [f"/o/{place}/hosting/{product.pk}/"]
            main = listing[listing.index('id="main"') :]
            assert f"/o/{elsewhere}/" not in main
            page = both.get(f"/o/{place}/hosting/{product.pk}/").content.decode()
            forms = re.findall(r'action="(/o/[^"]+)"', page)
            assert forms
            assert all(action.startswith(f"/o/{place}/") for action in forms)
            assert both.get(f"/o/{elsewhere}/hosting/{product.pk}/").status_code == 404


def test_a_form_opened_before_another_tab_switched_writes_to_its_own(world: World, both: Client) -> None:
    both.get("/o/acme/settings/")
    both.get("/o/other/settings/")
    data = {"form": "company", "street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}
    page = both.get("/o/acme/settings/").content.decode()
    both.get("/o/other/")
    action = re.search(r'action="(/o/[^"]+/settings/)"', page)
    assert action
    assert both.post(action[1], data | {"name": "Acme anew"}).status_code == 303
    both.post(f"/o/other/hosting/{world.foreign['hosting'].pk}/label/", {"text": "There"})
    both.post(f"/o/acme/hosting/{world.products['hosting'].pk}/label/", {"text": "Here"})
    for organization in (world.acme, world.other):
        organization.refresh_from_db()
    assert [world.acme.name, world.other.name] == ["Acme anew", "Other"]
    for organization, product, label in (
        (world.acme, world.products["hosting"], "Here"),
        (world.other, world.foreign["hosting"], "There"),
    ):
        with tenancy.scope(organization.pk):
            product.refresh_from_db()
            assert product.label == label


def test_the_switcher_names_all_three_hundred_with_role_and_search(world: World, both: Client) -> None:
    for index in range(300):
        more = Organization.objects.create(name=f"Client {index}", slug=f"client-{index}", country="CH")
        joins(world, "administrator", more, role=Role.EXTERNAL)
    page = both.get("/o/acme/").content.decode()
    menu = page[page.index('id="organizations"') : page.index("topbar-search")]
    assert len(re.findall(r'href="/o/[^/]+/"', menu)) == 302
    assert menu.count("<small>External</small>") == 300
    assert menu.count("<small>Administrator</small>") == 2
    assert menu.count('aria-current="true"') == 1
    assert 'data-filter="organization-list" hidden' in menu
    assert 'href="/everywhere/"' in menu[: menu.index("Client 0")]


def test_the_switcher_says_what_is_closed(world: World) -> None:
    joins(world, "administrator", world.other, suspended_at=timezone.now())
    third = Organization.objects.create(name="Third", slug="third", country="CH", second_factor_from=timezone.now())
    joins(world, "administrator", third)
    page = world.client("administrator").get("/o/acme/").content.decode()
    assert "Administrator, access suspended" in page
    assert "Administrator, second factor missing" in page
