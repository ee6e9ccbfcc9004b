"""The rights of a team: given on its page and on a product's, held by whoever is in it."""

import pytest

from accounts.models import Mail
from organizations import tenancy
from organizations.actions import team as teams
from organizations.models import Event, OrganizationGroupGrant
from products.models import Product, ProductGroupGrant
from tests.people import World

pytestmark = pytest.mark.django_db


def rights(world: World) -> str:
    return f"/o/acme/teams/{world.team.pk}/rights/"


def listed(world: World, person: str) -> set[int]:
    return set(Product.objects.visible_to(world.access(person)).values_list("pk", flat=True))


def test_a_team_gets_rights_and_everybody_in_it_has_them(world: World) -> None:
    email = world.products["email"]
    data = {"kind_slug": "email", "product": email.pk, "level": "technical"}
    answer = world.client("owner").post(f"{rights(world)}?kind=email", data)
    assert (answer.status_code, answer["Location"]) == (303, f"{rights(world)}?kind=email#product-{email.pk}")
    assert email.pk in listed(world, "teammate")
    assert email.pk not in listed(world, "collaborator")
    assert Event.objects.get(verb="grant.set").details["team"] is True
    assert Mail.objects.get().to == "teammate@example.com"
    teams.add_members(world.team, [world.users["collaborator"]], by=world.access("owner"))
    assert email.pk in listed(world, "collaborator")


def test_a_whole_kind_and_everything(world: World) -> None:
    client = world.client("owner")
    client.post(rights(world), {"kind_slug": "domains", "target": "all", "level": "viewer"})
    assert world.products["domains"].pk in listed(world, "teammate")
    client.post(rights(world), {"kind_slug": "domains", "target": "everything", "level": "full"})
    assert listed(world, "teammate") == {product.pk for product in world.products.values()}
    page = client.get(rights(world)).text
    assert "Full. Given by Owner Tester on" in page
    assert "Through the team" not in page
    client.post(rights(world), {"kind_slug": "domains", "target": "everything", "level": ""})
    world.access("owner")
    assert not OrganizationGroupGrant.objects.exists()


def test_the_page_shows_what_the_team_itself_holds(world: World) -> None:
    page = world.client("owner").get(f"{rights(world)}?kind=hosting").text
    assert "Rights of Web" in page
    assert "Technical. Given by" in page
    row = page[page.index(f'id="product-{world.products["hosting"].pk}"') :]
    assert 'value="technical" checked' in row


def test_the_product_shows_the_team_and_what_comes_through_it(world: World) -> None:
    hosting = world.products["hosting"]
    address = f"/o/acme/hosting/{hosting.pk}/access/"
    client = world.client("owner")
    page = " ".join(client.get(address).text.split())
    assert "Team Web" in page
    teammate = page[page.index(f'id="member-{world.users["teammate"].pk}"') :]
    assert "Technical. Through the team Web, given by" in teammate[: teammate.index("</form>")]
    answer = client.post(f"{address}set/", {"team": world.team.pk, "level": "viewer"})
    assert (answer.status_code, answer["Location"]) == (303, f"{address}#team-{world.team.pk}")
    world.access("owner")
    held = ProductGroupGrant.objects.filter(content_object=hosting).values_list("permission__codename", flat=True)
    assert set(held) == {"view", "statistics"}


def test_a_team_of_another_organization_is_no_choice(world: World) -> None:
    from django.contrib.auth.models import Group

    from organizations.models import Team

    with tenancy.scope(world.other.pk):
        group = Group.objects.create(name="other-team")
        theirs = Team.objects.create(organization=world.other, name="Theirs", group=group)
    hosting = world.products["hosting"]
    data = {"team": theirs.pk, "level": "viewer"}
    answer = world.client("owner").post(f"/o/acme/hosting/{hosting.pk}/access/set/", data)
    assert answer.status_code == 422
    with tenancy.every_organization():
        assert not ProductGroupGrant.objects.filter(group=group).exists()
