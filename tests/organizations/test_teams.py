"""Teams: who is in them, who leads them, and what happens when they end."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import tenancy
from organizations.actions import team as actions
from organizations.models import Event, Membership, OrganizationGroupGrant, Team
from products.actions.grant import set_rights
from products.models import Product, ProductGroupGrant
from tests.people import World

pytestmark = pytest.mark.django_db


def inside(team: Team) -> set[str]:
    return {user.first_name for user in team.group.user_set.all()}


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_new_team_has_a_name_and_a_group_of_its_own(world: World) -> None:
    access = world.access("owner")
    team = actions.create(name="Design", tone="pink", by=access)
    assert (team.organization, team.name, team.tone, team.leader) == (world.acme, "Design", "pink", None)
    assert team.group.name.startswith("team-")
    assert not team.group.user_set.exists()
    assert verbs() == ["team.create"]


@pytest.mark.parametrize("name", ["Web", "web", "WEB"])
def test_a_name_is_there_once_in_an_organization(world: World, name: str) -> None:
    access = world.access("owner")
    with pytest.raises(Refused) as refused:
        actions.create(name=name, tone="pink", by=access)
    assert refused.value.field == "name"
    other = actions.create(name="Design", tone="pink", by=access)
    with pytest.raises(Refused) as refused:
        actions.edit(other, name=name, tone="pink", leader=None, by=access)
    assert refused.value.field == "name"


def test_another_organization_may_use_the_name(world: World) -> None:
    from organizations.access import Access

    with tenancy.scope(world.other.pk):
        member = Membership.objects.get(organization=world.other, user=world.users["outsider"])
        access = Access(world.users["outsider"], world.other, member)
        assert actions.create(name="Web", tone="blue", by=access).organization == world.other


def test_editing_says_what_changed_and_only_then(world: World) -> None:
    access, leader = world.access("owner"), world.users["teammate"]
    actions.edit(world.team, name="Web", tone="blue", leader=None, by=access)
    assert verbs() == []
    actions.edit(world.team, name="WEB", tone="pink", leader=leader, by=access)
    team = Team.objects.get()
    assert (team.name, team.tone, team.leader) == ("WEB", "pink", leader)
    details = Event.objects.get(verb="team.edit").details
    assert details == {"name": ["Web", "WEB"], "tone": ["blue", "pink"], "leader": ["", "Teammate Tester"]}


def test_a_leader_is_one_of_the_team(world: World) -> None:
    access = world.access("owner")
    with pytest.raises(Refused) as refused:
        actions.edit(world.team, name="Web", tone="blue", leader=world.users["viewer"], by=access)
    assert refused.value.field == "leader"


def test_who_is_added_has_at_once_what_the_team_has_and_is_told(world: World) -> None:
    client, address = world.client("collaborator"), f"/o/acme/hosting/{world.products['hosting'].pk}/"
    assert client.get(address).status_code == 404
    access = world.access("owner")
    added = actions.add_members(world.team, [world.users["collaborator"]], by=access)
    assert added == [world.users["collaborator"]]
    assert actions.add_members(world.team, [world.users["collaborator"]], by=access) == []
    assert inside(world.team) == {"Teammate", "Collaborator"}
    event = Event.objects.get()
    assert (event.verb, event.target_name, event.details["person"]) == ("team.add", "Web", "Collaborator Tester")
    mail = Mail.objects.get()
    assert mail.to == "collaborator@example.com"
    assert "Technical" in mail.text
    tenancy.leave()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("person", ["external", "suspended", "expired"])
def test_every_member_may_be_in_a_team(world: World, person: str) -> None:
    actions.add_members(world.team, [world.users[person]], by=world.access("owner"))
    assert world.users[person].groups.get() == world.team.group


@pytest.mark.parametrize("person", ["outsider", "nobody", "former"])
def test_nobody_else_may(world: World, person: str) -> None:
    users = [world.users["collaborator"], world.users[person]]
    with pytest.raises(Refused, match="not a user"):
        actions.add_members(world.team, users, by=world.access("owner"))
    assert inside(world.team) == {"Teammate"}


def test_who_is_removed_loses_it_at_the_next_click_and_leads_no_more(world: World) -> None:
    client, address = world.client("teammate"), f"/o/acme/hosting/{world.products['hosting'].pk}/"
    assert client.get(address).status_code == 200
    access, teammate = world.access("owner"), world.users["teammate"]
    actions.edit(world.team, name="Web", tone="blue", leader=teammate, by=access)
    assert actions.remove_members(world.team, [teammate, world.users["viewer"]], by=access) == [teammate]
    assert actions.remove_members(world.team, [teammate], by=access) == []
    assert Team.objects.get().leader is None
    assert verbs() == ["team.edit", "team.remove"]
    assert Mail.objects.get().to == "teammate@example.com"
    tenancy.leave()
    assert client.get(address).status_code == 404


def test_deleting_a_team_takes_its_rights_with_it_also_those_that_have_ended(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    set_rights(world.team, hosting.kind, {"view"}, by=access)
    set_rights(world.team, world.products["email"], {"view"}, until=timezone.now() + timedelta(days=1), by=access)
    with tenancy.every_organization():
        ended = ProductGroupGrant.objects.filter(content_object=world.products["email"])
        ended.update(expires_at=timezone.now() - timedelta(days=1))
    actions.delete(world.team, by=access)
    actions.delete(world.team, by=access)
    assert not Team.objects.exists()
    assert not Group.objects.filter(name="acme-team").exists()
    with tenancy.every_organization():
        assert not ProductGroupGrant.objects.exists()
        assert not OrganizationGroupGrant.objects.exists()
    assert verbs()[-1] == "team.delete"
    assert Event.objects.get(verb="team.delete").details["members"] == ["Teammate Tester"]
    assert not Product.objects.visible_to(world.access("teammate")).exists()


def test_a_team_that_is_gone_takes_nobody(world: World) -> None:
    access = world.access("owner")
    actions.delete(world.team, by=access)
    with pytest.raises(Refused, match="gone"):
        actions.add_members(world.team, [world.users["collaborator"]], by=access)


def test_a_team_of_another_organization_is_not_found(world: World) -> None:
    with tenancy.scope(world.other.pk):
        group = Group.objects.create(name="other-team")
        theirs = Team.objects.create(organization=world.other, name="Theirs", group=group)
    client = world.client("owner")
    for page in ("", "edit/", "add/", "rights/"):
        assert client.get(f"/o/acme/teams/{theirs.pk}/{page}").status_code == 404
    for verb in ("edit/", "add/", "remove/", "delete/", "rights/"):
        assert client.post(f"/o/acme/teams/{theirs.pk}/{verb}").status_code == 404
    world.access("owner")
    with pytest.raises(Refused, match="gone"):
        actions.add_members(theirs, [world.users["collaborator"]], by=world.access("owner"))


def test_nobody_adds_themselves(world: World) -> None:
    """What they then gave the team would stay theirs with a smaller role."""
    access = world.access("administrator")
    with pytest.raises(Refused, match="Nobody adds themselves") as refused:
        actions.add_members(world.team, [world.users["collaborator"], access.user], by=access)
    assert refused.value.field == "member"
    assert inside(world.team) == {"Teammate"}
    actions.add_members(world.team, [access.user], by=world.access("owner"))
    # Who is in it already stays in it.
    assert actions.add_members(world.team, [access.user], by=world.access("administrator")) == []


def test_the_page_says_so_before(world: World) -> None:
    client, own = world.client("administrator"), member(world, "administrator")
    page = client.get(f"/o/acme/teams/{world.team.pk}/add/").text
    assert "Nobody adds themselves to a team." in page
    assert f'value="{own}"' not in page
    answer = client.post(f"/o/acme/teams/{world.team.pk}/add/", {"member": own})
    assert answer.status_code == 422
    assert "Nobody adds themselves to a team." in answer.text
    data = {"action": "team", "team": world.team.pk, "member": own}
    assert "Nobody adds themselves to a team." in client.post("/o/acme/members/change/", data, follow=True).text
    world.access("owner")
    assert inside(world.team) == {"Teammate"}


def test_the_page_of_a_member_says_which_teams_stay_with_a_smaller_role(world: World) -> None:
    actions.add_members(world.team, [world.users["administrator"]], by=world.access("owner"))
    tenancy.leave()
    client, address = world.client("owner"), f"/o/acme/members/{member(world, 'administrator')}/"
    assert "The rights of the team Web stay with any role." in client.get(address).text
    page = client.post(f"{address}role/", {"role": "collaborator"}, follow=True).text
    assert "The rights of their teams stay: Web." in page
    assert "acme.ch: Technical" in page


# Pages


def member(world: World, person: str) -> int:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.get(organization=world.acme, user=world.users[person]).pk


def test_from_the_empty_list_to_a_team_with_members(world: World) -> None:
    access = world.access("owner")
    actions.delete(world.team, by=access)
    client = world.client("owner")
    assert "No teams yet" in client.get("/o/acme/teams/").text
    made = client.post("/o/acme/teams/new/", {"name": "Design", "tone": "pink"}, follow=True)
    assert "Nobody is in this team yet" in made.text
    address = made.redirect_chain[-1][0]
    form = client.get(f"{address}add/?q=viewer").text
    assert "Viewer Tester" in form
    assert "Owner Tester" not in form[form.index('id="in"') :]
    people = {"member": [member(world, "viewer"), member(world, "external")]}
    added = client.post(f"{address}add/", people, follow=True).text
    assert "2 users are new in Design." in added
    listed = client.get(f"{address}?q=ext").text
    assert "External Tester" in listed
    assert "Viewer Tester" not in listed
    assert "Viewer Tester" not in client.get(f"{address}add/?q=tester").text.split('id="in"')[1]
    removed = client.post(f"{address}remove/", {"member": member(world, "viewer")}, follow=True).text
    assert "1 user is out of Design." in removed
    assert 'class="number" data-label="Users">1<' in client.get("/o/acme/teams/").text


def test_what_is_refused_stays_in_the_form_with_its_reason(world: World) -> None:
    client = world.client("owner")
    answer = client.post("/o/acme/teams/new/", {"name": "wEB", "tone": "violet"})
    assert answer.status_code == 422
    assert 'value="wEB"' in answer.text
    assert "There is a team with this name already." in answer.text
    assert 'aria-invalid="true"' in answer.text
    nobody = client.post(f"/o/acme/teams/{world.team.pk}/add/", {})
    assert nobody.status_code == 422
    assert "Choose at least one user." in nobody.text
    stranger = client.post(f"/o/acme/teams/{world.team.pk}/edit/", {"name": "Web", "tone": "blue", "leader": 1})
    assert stranger.status_code == 422


def test_deleting_asks_first_and_says_what_it_means(world: World) -> None:
    page = world.client("owner").get(f"/o/acme/teams/{world.team.pk}/").text
    assert "Delete the team Web?" in page
    assert "1 user loses at once what came through the team only." in page
    assert world.client("owner").post(f"/o/acme/teams/{world.team.pk}/delete/")["Location"] == "/o/acme/teams/"


def test_lists_ask_the_same_for_many(world: World, django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests import people

    client, addresses = world.client("owner"), ("/o/acme/teams/", f"/o/acme/teams/{world.team.pk}/")

    def asked() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = asked()
    access = world.access("owner")
    users = [people.user(f"more{number}") for number in range(30)]
    Membership.objects.bulk_create(Membership(organization=world.acme, user=user) for user in users)
    world.team.group.user_set.add(*users)
    for number in range(12):
        actions.create(name=f"Team {number}", tone="blue", by=access)
    assert asked() == few
    assert max(few) <= 12
