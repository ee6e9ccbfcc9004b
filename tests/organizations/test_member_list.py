"""The list of members: what it shows, narrows, sorts, and does to several at once; always the same queries."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Mail
from organizations import tenancy
from organizations.models import Event, Membership
from tests import people
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db
LIST = "/o/acme/members/"
EVERYBODY = {*MEMBERS, "viewing"}


def number(world: World, person: str) -> int:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.get(organization=world.acme, user=world.users[person]).pk


def listed(world: World, query: str = "", person: str = "owner") -> list[str]:
    answer = world.client(person).get(LIST + query)
    assert answer.status_code == 200
    return [row["member"].user.email.split("@")[0] for row in answer.context["rows"]]


def with_factor(world: World, *persons: str) -> None:
    for person in persons:
        Authenticator.objects.create(user=world.users[person], type=Authenticator.Type.TOTP, data={})


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("", EVERYBODY),
        ("?q=ORDERER%20test", {"orderer"}),
        ("?q=biller@", {"biller"}),
        ("?q=outsider", set()),
        ("?role=external", {"external"}),
        ("?role=administrator&status=active", {"administrator", "viewing"}),
        ("?status=suspended", {"suspended"}),
        ("?status=ended", {"expired"}),
        ("?factor=missing&role=collaborator", {"orderer", "collaborator", "viewer", "technician", "teammate"}),
        ("?role=nonsense&status=x&factor=y&team=z&sort=w&page=v", EVERYBODY),
        ("?team=999999999999999999999", EVERYBODY),
    ],
)
def test_narrowed(world: World, query: str, who: set[str]) -> None:
    with_factor(world, "biller")
    assert set(listed(world, query)) == who


def test_narrowed_to_a_team_each_member_stands_once(world: World) -> None:
    assert listed(world, f"?team={world.team.pk}") == ["teammate"]
    assert listed(world, "?team=999999999") == []


def test_sorted_by_name_and_by_when_they_were_seen(world: World) -> None:
    names = listed(world)
    assert names == sorted(EVERYBODY)
    assert listed(world, "?sort=-name") == names[::-1]
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["teammate"]).update(last_used_at=timezone.now() + timedelta(1))
    assert listed(world, "?sort=seen")[0] == "teammate"
    assert listed(world, "?sort=-seen")[-1] == "teammate"


def test_a_row_says_what_is_given_to_the_member(world: World) -> None:
    from guardian.shortcuts import assign_perm

    with tenancy.scope(world.acme.pk):
        assign_perm("organizations.hosting.view", world.users["viewer"], world.acme)
        assign_perm("view", world.users["viewer"], world.products["domains"])
        assign_perm("view", world.users["teammate"], world.products["hosting"])  # and through the team
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["biller"])
        assign_perm("view", world.users["biller"], world.foreign["email"])
    rows = {row["member"].user.first_name: row for row in world.client("owner").get(LIST).context["rows"]}
    assert rows["Viewer"]["held"] == ["All Hosting", "1 product"]
    assert rows["Teammate"]["held"] == ["1 product"]
    assert rows["Biller"]["held"] == []
    assert rows["Owner"]["held"] == []
    assert [team["name"] for team in rows["Teammate"]["teams"]] == ["Web"]


def test_what_is_closed_says_why(world: World) -> None:
    page = world.client("administrator").get(LIST).content.decode()
    assert "Only a legal representative changes another one." in page
    assert f'href="{LIST}{number(world, "owner")}/#suspend"' not in page
    assert f'href="{LIST}{number(world, "biller")}/#suspend"' in page
    assert f'action="{LIST}{number(world, "suspended")}/restore/"' in page


def test_a_filter_keeps_the_others(world: World) -> None:
    page = world.client("owner").get(LIST + "?q=a&role=external&page=2").content.decode()
    assert f'href="{LIST}?q=a&amp;role=external&amp;status=suspended"' in page
    assert f'href="{LIST}?q=a"' in page  # all roles again


def test_the_fragment_brings_the_filters_along(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Target": "rows"}
    page = world.client("owner", headers=headers).get(LIST + "?q=biller").content.decode()
    assert "<html" not in page
    assert 'id="chips" hx-swap-oob="true"' in page
    assert f'href="{LIST}?q=biller&amp;status=suspended"' in page


def test_the_same_queries_for_any_number_of_members(world: World) -> None:
    def queries() -> int:
        client = world.client("owner")
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    few = queries()
    users = [people.user(f"more{each}") for each in range(50)]
    with tenancy.scope(world.acme.pk):
        for user in users:
            Membership.objects.create(organization=world.acme, user=user)
            user.groups.add(world.team.group)
    assert queries() == few <= 10
    assert len(listed(world)) == 50
    assert len(listed(world, "?page=2")) == len(EVERYBODY)


# Several at once


def change(world: World, action: str, *persons: str, person: str = "owner", **more: Any) -> Any:
    data = {"action": action, "member": [number(world, each) for each in persons]} | more
    return world.client(person).post(LIST + "change/", data)


def test_several_are_suspended_and_restored(world: World) -> None:
    assert change(world, "suspend", "viewer", "biller").status_code == 303
    assert set(listed(world, "?status=suspended")) == {"viewer", "biller", "suspended"}
    assert change(world, "restore", "viewer", "biller").status_code == 303
    assert listed(world, "?status=suspended") == ["suspended"]


def test_what_goes_wrong_with_one_stops_no_other_and_is_told(world: World) -> None:
    answer = change(world, "suspend", "viewer", "owner", "administrator", person="administrator")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nobody changes their own membership" in page
    assert "one by one" in page
    assert set(listed(world, "?status=suspended")) == {"viewer", "suspended"}


def test_several_are_put_into_a_team(world: World) -> None:
    assert change(world, "team", "viewer", "biller", team=world.team.pk).status_code == 303
    assert set(listed(world, f"?team={world.team.pk}")) == {"teammate", "viewer", "biller"}
    assert change(world, "team", "viewer").status_code == 422


def test_somebody_of_another_organization_is_not_taken(world: World) -> None:
    with tenancy.scope(world.other.pk):
        foreign = Membership.objects.get(user=world.users["outsider"])
    answer = world.client("owner").post(LIST + "change/", {"action": "suspend", "member": foreign.pk})
    assert answer.status_code == 422
    with tenancy.scope(world.other.pk):
        foreign.refresh_from_db()
    assert foreign.suspended_at is None


def test_nobody_is_chosen_or_nothing_is_done(world: World) -> None:
    for data in ({}, {"action": "suspend"}, {"action": "dance", "member": number(world, "viewer")}):
        assert world.client("owner").post(LIST + "change/", data).status_code == 422


# Second factor


def test_who_signs_in_with_a_password_only_is_counted_and_reminded_once_a_day(world: World) -> None:
    with_factor(world, "administrator", "biller")
    client = world.client("owner")
    assert "8 of 10 users sign in with a password only." in client.get(LIST).content.decode()
    for _again in range(2):
        assert client.post(LIST + "remind/").status_code == 303
    asked = {mail.to.split("@")[0] for mail in Mail.objects.filter(key__startswith="second-factor:")}
    # Not who asked, not who has one, not who may not enter.
    assert asked == {"viewing", "orderer", "collaborator", "viewer", "technician", "teammate", "external"}
    with tenancy.scope(world.acme.pk):
        assert Event.objects.filter(verb="second_factor.remind").count() == 1


def test_some_are_reminded(world: World) -> None:
    with_factor(world, "biller")
    answer = change(world, "remind", "viewer", "biller")
    assert answer.status_code == 422
    assert "Has a second factor, or was reminded" in answer.content.decode()
    assert [mail.to for mail in Mail.objects.filter(key__startswith="second-factor:")] == ["viewer@example.com"]
