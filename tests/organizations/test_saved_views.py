"""Everybody saves views of lists for themselves."""

import pytest
from django.test import Client

from organizations import tenancy
from organizations.actions import saved_view as actions
from organizations.models import SavedView
from tests.people import World

pytestmark = pytest.mark.django_db
VIEWS = "/o/acme/views/product_list:hosting/"


def save(
    client: Client, name: str = "Active", query: str = "state=active&sort=-expires", address: str = VIEWS
) -> object:
    return client.post(address, {"name": name, "query": query})


def views(world: World) -> list[tuple[str, str, str]]:
    with tenancy.scope(world.acme.pk):
        return list(SavedView.objects.values_list("user__email", "name", "query"))


def test_a_view_is_saved_and_opened(world: World) -> None:
    client = world.client("viewer")
    answer = client.post(VIEWS, {"name": "Active", "query": "state=active&page=3&sort=-expires&format=csv"})
    assert (answer.status_code, answer["Location"]) == (303, "/o/acme/hosting/?sort=-expires&state=active")
    assert views(world) == [("viewer@example.com", "Active", "sort=-expires&state=active")]
    page = client.get(VIEWS).text
    assert "/o/acme/hosting/?sort=-expires&amp;state=active" in page
    assert client.get("/o/acme/hosting/?sort=-expires&state=active").status_code == 200


def test_the_same_name_is_the_same_view(world: World) -> None:
    client = world.client("viewer")
    save(client)
    save(client, "ACTIVE", "q=a")
    assert views(world) == [("viewer@example.com", "ACTIVE", "q=a")]


def test_it_knows_how_the_list_stands_that_it_is_opened_on(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Target": "views-rows"}
    now = {"HX-Current-URL": "http://testserver/o/acme/hosting/?q=nord&state=active"}
    client = world.client("viewer")
    assert 'value="q=nord&amp;state=active"' in client.get(VIEWS, headers=headers | now).text
    other = {"HX-Current-URL": "http://testserver/o/acme/domains/?q=nord"}
    assert "q=nord" not in client.get(VIEWS, headers=headers | other).text


def test_nobody_sees_or_deletes_those_of_others(world: World) -> None:
    save(world.client("viewer"), "Only mine")
    with tenancy.scope(world.acme.pk):
        view = SavedView.objects.get()
    owner = world.client("owner")
    assert "Only mine" not in owner.get(VIEWS).text
    assert owner.post(f"/o/acme/views/{view.pk}/delete/").status_code == 404
    assert world.client("outsider").post(f"/o/other/views/{view.pk}/delete/").status_code == 404
    assert len(views(world)) == 1
    viewer = world.client("viewer")
    assert viewer.post(f"/o/acme/views/{view.pk}/delete/")["Location"] == "/o/acme/hosting/"
    assert views(world) == []


@pytest.mark.parametrize(
    "listing", ["home", "product_list", "product_list:x", "members:x", "product:hosting", "..", "a b"]
)
def test_what_is_no_list_has_no_views(world: World, listing: str) -> None:
    assert world.client("owner").get(f"/o/acme/views/{listing}/").status_code == 404
    assert world.client("owner").post(f"/o/acme/views/{listing}/", {"name": "x"}).status_code == 404


@pytest.mark.parametrize("data", [{"name": ""}, {"name": "x" * 41}, {"name": "x", "query": "q=" + "y" * 1000}])
def test_bad_input_is_told_and_nothing_is_lost(world: World, data: dict[str, str]) -> None:
    answer = world.client("viewer").post(VIEWS, {"query": "state=active"} | data)
    assert answer.status_code == 422
    assert data["name"][:40] in answer.text
    assert views(world) == []


def test_there_is_an_end_of_them(world: World) -> None:
    client = world.client("viewer")
    for number in range(actions.MOST):
        save(client, f"View {number}")
    answer = client.post(VIEWS, {"name": "One more", "query": ""})
    assert answer.status_code == 422
    assert "Delete one first" in answer.text
    assert save(client, "View 3", "q=again").status_code == 303  # type: ignore[attr-defined]
    assert save(client, "Of another list", address="/o/acme/views/product_list:email/").status_code == 303  # type: ignore[attr-defined]
