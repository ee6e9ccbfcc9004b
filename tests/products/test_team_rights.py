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
    client.post(rights(world), {"kind_slug": "domains", "target": "everything", "level": "", "confirmed": "1"})
    world.access("owner")
    assert not OrganizationGroupGrant.objects.exists()
    assert not ProductGroupGrant.objects.exists()
    assert not listed(world, "teammate")


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


def test_nobody_gives_rights_to_a_team_that_they_are_in(world: World) -> None:
    """They would keep them with a smaller role."""
    hosting, reason = world.products["hosting"], "You are in this team, and nobody changes their own rights."
    teams.add_members(world.team, [world.users["administrator"]], by=world.access("owner"))
    tenancy.leave()
    client = world.client("administrator")
    page = client.get(rights(world)).text
    assert reason in page
    assert "What the team may do" in page
    assert "rights-form" not in page
    access = client.get(f"/o/acme/hosting/{hosting.pk}/access/").text
    row = access.partition(f'id="team-{world.team.pk}"')[2].partition('<li class="item"')[0]
    assert reason in row
    assert "<form" not in row
    posts = [
        (f"{rights(world)}?kind=hosting", {"kind_slug": "hosting", "product": hosting.pk, "level": "full"}),
        (rights(world), {"kind_slug": "hosting", "target": "all", "level": "full"}),
        (rights(world), {"kind_slug": "hosting", "target": "everything", "level": "full"}),
        (f"/o/acme/hosting/{hosting.pk}/access/set/", {"team": world.team.pk, "level": "full"}),
    ]
    for address, data in posts:
        answer = client.post(address, data)
        assert answer.status_code == 422
        assert reason in answer.text
    world.access("owner")
    assert not Event.objects.filter(verb="grant.set").exists()
    for address, data in posts:
        assert world.client("owner").post(address, data).status_code == 303
