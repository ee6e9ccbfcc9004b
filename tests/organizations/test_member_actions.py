"""What happens to members, who may cause it, and that somebody always represents the organization."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import tenancy
from organizations.access import Denied
from organizations.actions import member as actions
from organizations.models import Event, Membership
from organizations.roles import Right, Role
from products.models import AccessRequest, ApiToken, ProductUserGrant
from tests.people import World

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


def of(world: World, person: str) -> Membership:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.select_related("user").get(organization=world.acme, user=world.users[person])


def second(world: World, person: str = "administrator", **fields: Any) -> None:
    """Acme has one more legal representative."""
    fields = {"role": Role.LEGAL_REPRESENTATIVE} | fields
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(organization=world.acme, user=world.users[person]).update(**fields)


def events(verb: str) -> list[dict[str, Any]]:
    return [event.details for event in Event.objects.filter(verb=verb).order_by("pk")]


ACTIONS: dict[str, Any] = {
    "role": lambda member, by: actions.set_role(member, Role.EXTERNAL, by=by),
    "expiry": lambda member, by: actions.set_expiry(member, timezone.now() + SOON, by=by),
    "suspend": lambda member, by: actions.suspend(member, by=by),
    "remove": lambda member, by: actions.remove(member, by=by),
}


# Success, repeat, event, mail


def test_a_role_is_given_logged_once_and_told(world: World) -> None:
    access, member = world.access("owner"), of(world, "collaborator")
    for _again in range(2):
        actions.set_role(member, Role.ADMINISTRATOR, by=access)
    assert of(world, "collaborator").role == Role.ADMINISTRATOR
    assert events("member.role") == [{"role": ["collaborator", "administrator"]}]
    mail = Mail.objects.get(key__startswith="rights:")
    assert mail.to == "collaborator@example.com"
    assert "Administrator" in mail.text


@pytest.mark.parametrize("role", Role)
def test_flags_mean_something_for_collaborators_only(world: World, role: Role) -> None:
    actions.set_role(of(world, "collaborator"), role, may_order=True, has_billing=True, by=world.access("owner"))
    member = of(world, "collaborator")
    assert (member.may_order, member.has_billing) == (role == Role.COLLABORATOR,) * 2


def test_a_role_with_every_product_takes_the_place_of_rights_on_single_ones(world: World) -> None:
    access, user, hosting = world.access("owner"), world.users["technician"], world.products["hosting"]
    assign_perm("organizations.domains.view", user, world.acme)
    actions.set_role(of(world, "technician"), Role.ADMINISTRATOR, by=access)
    actions.set_role(of(world, "technician"), Role.COLLABORATOR, by=access)
    assert not ProductUserGrant.objects.filter(user=user).exists()
    tenancy.leave()
    assert world.client("technician").get(hosting.get_absolute_url()).status_code == 404
    assert world.client("technician").get(world.products["domains"].get_absolute_url()).status_code == 404


def test_a_smaller_role_keeps_rights_on_single_products(world: World) -> None:
    actions.set_role(of(world, "technician"), Role.EXTERNAL, by=world.access("owner"))
    assert ProductUserGrant.objects.filter(user=world.users["technician"]).exists()


def test_an_end_is_set_moved_and_taken_away(world: World) -> None:
    access, until = world.access("owner"), timezone.now() + SOON
    for moment in (until, until, None):
        actions.set_expiry(of(world, "collaborator"), moment, by=access)
    assert of(world, "collaborator").expires_at is None
    assert events("member.expiry") == [
        {"expires_at": [None, until.isoformat()]},
        {"expires_at": [until.isoformat(), None]},
    ]


def test_a_later_end_opens_an_access_that_has_ended(world: World) -> None:
    client = world.client("expired")
    assert client.get("/o/acme/").status_code == 403
    actions.set_expiry(of(world, "expired"), timezone.now() + SOON, by=world.access("owner"))
    tenancy.leave()
    assert client.get("/o/acme/").status_code == 200


def test_a_day_that_has_passed_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="has passed"):
        actions.set_expiry(of(world, "collaborator"), timezone.now(), by=world.access("owner"))


def test_suspended_and_restored_with_everything_they_had(world: World) -> None:
    access, address = world.access("owner"), world.products["hosting"].get_absolute_url()
    client = world.client("technician")
    for _again in range(2):
        actions.suspend(of(world, "technician"), by=access)
    assert len(events("member.suspend")) == 1
    assert "is suspended" in Mail.objects.get(key__startswith="rights:").text
    tenancy.leave()
    assert client.get(address).status_code == 403
    access = world.access("owner")
    for _again in range(2):
        actions.restore(of(world, "technician"), by=access)
    assert len(events("member.restore")) == 1
    tenancy.leave()
    assert client.get(address).status_code == 200


def test_removed_with_rights_tokens_and_teams(world: World) -> None:
    access, user = world.access("owner"), world.users["teammate"]
    assign_perm("view", user, world.products["domains"])
    world.team.leader = user
    world.team.save()
    ApiToken.objects.create(organization=world.acme, user=user, name="x", prefix="x", digest="x")
    request = AccessRequest.objects.create(organization=world.acme, user=user, right=Right.BILLING)
    member = of(world, "teammate")
    for _again in range(2):
        actions.remove(member, by=access)
    assert not Membership.objects.filter(user=user).exists()
    assert not ProductUserGrant.objects.filter(user=user).exists()
    assert ApiToken.objects.get(user=user).revoked_at
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert not user.groups.exists()
    world.team.refresh_from_db()
    assert world.team.leader is None
    assert events("member.remove") == [{"role": "collaborator"}]
    assert "no longer belong" in Mail.objects.get(key__startswith="rights:").text


def test_teams_of_other_organizations_stay(world: World) -> None:
    from django.contrib.auth.models import Group

    from organizations.models import Team

    user = world.users["teammate"]
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=user)
        group = Group.objects.create(name="other-team")
        Team.objects.create(organization=world.other, name="Web", group=group, leader=user)
        user.groups.add(group)
    actions.remove(of(world, "teammate"), by=world.access("owner"))
    assert list(user.groups.all()) == [group]
    with tenancy.scope(world.other.pk):
        assert Team.objects.get(group=group).leader == user


def test_leaving(world: World) -> None:
    actions.leave(by=world.access("technician"))
    assert not Membership.objects.filter(user=world.users["technician"]).exists()
    assert not ProductUserGrant.objects.filter(user=world.users["technician"]).exists()
    assert events("member.leave") == [{"role": "collaborator"}]
    assert not Mail.objects.exists()  # nobody is told what they did themselves


# Somebody always represents the organization


@pytest.mark.parametrize("verb", ACTIONS)
def test_the_last_legal_representative_stays(world: World, verb: str) -> None:
    second(world)
    ACTIONS[verb](of(world, "administrator"), world.access("owner"))
    second(world, "collaborator", suspended_at=timezone.now())
    second(world, "orderer", expires_at=timezone.now() + SOON)
    # The suspended, and those whose access ends, represent nobody: the owner is the last. Whoever tries is one of them.
    with pytest.raises(Refused, match="last legal representative"):
        ACTIONS[verb](of(world, "owner"), world.access("orderer"))
    assert Membership.objects.filter(organization=world.acme).representing().count() == 1


def test_the_last_legal_representative_does_not_leave(world: World) -> None:
    with pytest.raises(Refused, match="You are the last"):
        actions.leave(by=world.access("owner"))
    second(world)
    actions.leave(by=world.access("owner"))
    assert Membership.objects.filter(organization=world.acme).representing().get().user == world.users["administrator"]


# Who may


@pytest.mark.parametrize("verb", ACTIONS)
@pytest.mark.parametrize(
    ("actor", "target", "reason"),
    [
        ("administrator", "administrator", "Nobody changes their own"),
        ("owner", "owner", "Nobody changes their own"),
        ("administrator", "owner", "Only a legal representative"),
        ("collaborator", "viewer", "Manage users"),
        ("viewer", "owner", "Manage users"),
    ],
)
def test_refused(world: World, verb: str, actor: str, target: str, reason: str) -> None:
    second(world, "orderer")  # so that nobody is the last one
    access, member = world.access(actor), of(world, target)
    before = Membership.objects.filter(pk=member.pk).values().get()
    with pytest.raises(Refused, match=reason):
        ACTIONS[verb](member, access)
    assert Membership.objects.filter(pk=before["id"]).values().get() == before
    assert not Event.objects.filter(verb__startswith="member.").exists()


def test_only_a_legal_representative_appoints_one(world: World) -> None:
    with pytest.raises(Refused, match="appoints"):
        actions.set_role(of(world, "collaborator"), Role.LEGAL_REPRESENTATIVE, by=world.access("administrator"))
    actions.set_role(of(world, "collaborator"), Role.LEGAL_REPRESENTATIVE, by=world.access("owner"))
    assert Right.LEGAL in of(world, "collaborator").rights


def test_only_a_legal_representative_opens_a_legal_representatives_access(world: World) -> None:
    second(world, "suspended")
    with pytest.raises(Refused, match="Only a legal representative"):
        actions.restore(of(world, "suspended"), by=world.access("administrator"))
    actions.restore(of(world, "suspended"), by=world.access("owner"))
    assert of(world, "suspended").is_active


def test_a_member_of_another_organization_is_out_of_reach(world: World) -> None:
    with tenancy.scope(world.other.pk):
        foreign = Membership.objects.get(user=world.users["outsider"])
    with pytest.raises(Membership.DoesNotExist):
        actions.suspend(foreign, by=world.access("owner"))


def test_rights_that_were_lost_since_the_request_began_do_not_count(world: World) -> None:
    stale = world.access("administrator")
    actions.set_role(of(world, "administrator"), Role.COLLABORATOR, by=world.access("owner"))
    with pytest.raises(Refused, match="Manage users"):
        actions.suspend(of(world, "viewer"), by=stale)
    actions.remove(of(world, "administrator"), by=world.access("owner"))
    with pytest.raises(Refused, match="no longer belong"):
        actions.suspend(of(world, "viewer"), by=stale)


# Contact preferences


def both(on: bool) -> dict[str, bool]:
    return {"wants_billing_mail": on, "wants_product_mail": on}


def test_preferences_are_ones_own_and_an_administrators_to_set(world: World) -> None:
    actions.prefer(of(world, "biller"), **both(True), by=world.access("biller"))
    actions.prefer(of(world, "biller"), **both(False), by=world.access("administrator"))
    actions.prefer(of(world, "biller"), **both(False), by=world.access("administrator"))
    assert len(events("member.prefer")) == 2
    with pytest.raises(Refused, match="Manage users"):
        actions.prefer(of(world, "biller"), **both(True), by=world.access("orderer"))
    with pytest.raises(Refused, match="Only a legal representative"):
        actions.prefer(of(world, "owner"), **both(True), by=world.access("administrator"))
    with pytest.raises(Denied):
        actions.prefer(of(world, "suspended"), **both(True), by=world.access("suspended"))


def test_some_legal_representative_is_always_told_what_is_to_be_paid(world: World) -> None:
    access = world.access("owner")
    actions.prefer(of(world, "owner"), **both(True), by=access)
    with pytest.raises(Refused, match="has to be told"):
        actions.prefer(of(world, "owner"), **both(False), by=access)
    second(world, wants_billing_mail=True)
    actions.prefer(of(world, "owner"), **both(False), by=access)
    # And when the one who is goes, another one is from then on.
    actions.remove(of(world, "administrator"), by=access)
    assert of(world, "owner").wants_billing_mail
