"""What one person makes and sends in a day: a new organization is no way around."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import limits, tenancy
from organizations.actions import organization as organizations
from organizations.events import Person
from organizations.models import Event, Invitation, Membership, Organization
from organizations.roles import Role
from products.actions import invitation as invitations
from tests.people import World

ADDRESS = {"form": "company", "street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}


def found(world: World, number: int, person: str = "outsider") -> Any:
    client = world.client(person)
    key = client.get("/organizations/new/").context["form"].initial["key"]
    return client.post("/organizations/new/", ADDRESS | {"key": key, "name": f"Company {number}"})


def test_somebody_creates_so_many_organizations_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ORGANIZATIONS", 2)
    assert [found(world, number).status_code for number in (1, 2)] == [303, 303]
    refused = found(world, 3)
    assert refused.status_code == 422
    assert "You created 2 organizations today." in refused.content.decode()
    assert "Company 3" in refused.content.decode()
    assert not Organization.objects.filter(name="Company 3").exists()
    # Other people do, and so does this one when the day is over; the log takes no change, so the clock does.
    assert found(world, 4, "nobody").status_code == 303
    monkeypatch.setattr(limits, "DAY", -limits.DAY)
    assert found(world, 5).status_code == 303


def test_leaving_or_deleting_them_makes_no_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ORGANIZATIONS", 1)
    assert found(world, 1).status_code == 303
    made = Organization.objects.get(name="Company 1")
    with tenancy.scope(made.pk):
        Membership.objects.filter(organization=made).delete()
        Organization.objects.filter(pk=made.pk).update(deleted_at=timezone.now())
    assert found(world, 2).status_code == 422


def test_the_same_form_sent_again_is_no_second_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ORGANIZATIONS", 1)
    client = world.client("outsider")
    key = client.get("/organizations/new/").context["form"].initial["key"]
    data = ADDRESS | {"key": key, "name": "Company"}
    assert [client.post("/organizations/new/", data).status_code for _repeat in range(2)] == [303, 303]


@pytest.fixture
def second(world: World) -> Organization:
    """Another organization of Acme's owner."""
    tenancy.enter(user=world.users["owner"].pk)
    by = Person(world.users["owner"])
    key = "6d3f0c52-9a3b-4f5e-9f43-1f1f5c1a0001"
    made = organizations.create(key=key, by=by, name="Second", **ADDRESS)  # type: ignore[arg-type]
    tenancy.leave()
    return made


def invite(world: World, slug: str, emails: str, person: str = "owner") -> Any:
    data = {"emails": emails, "role": "collaborator"}
    return world.client(person).post(f"/o/{slug}/invitations/new/", data)


def test_an_inviter_has_one_allowance_for_all_organizations(
    world: World, second: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_INVITATIONS", 3)
    assert invite(world, "acme", "a@example.net b@example.net").status_code == 303
    refused = invite(world, second.slug, "c@example.net d@example.net")
    assert refused.status_code == 422
    assert "up to 3 invitations a day" in refused.content.decode()
    assert "c@example.net" in refused.content.decode()
    assert not Mail.objects.filter(to="c@example.net").exists()
    assert invite(world, second.slug, "c@example.net").status_code == 303
    # Sending again is a mail as well.
    with tenancy.scope(world.acme.pk):
        Invitation.objects.filter(email="a@example.net").update(sent_at=timezone.now() - limits.DAY)
        pk = Invitation.objects.get(email="a@example.net").pk
    path = f"/o/acme/invitations/{pk}/resend/"
    assert world.client("owner").post(path).status_code == 422
    # Somebody else of the organization has an allowance of their own.
    assert invite(world, "acme", "e@example.net", "administrator").status_code == 303
    monkeypatch.setattr(limits, "DAY", -limits.DAY)
    assert world.client("owner").post(path).status_code == 303


def test_an_address_gets_so_many_whoever_invites_it(
    world: World, second: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_TO_ADDRESS", 2)
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["owner"], role=Role.ADMINISTRATOR)
    assert invite(world, "acme", "victim@example.net").status_code == 303
    assert invite(world, second.slug, "Victim@example.net").status_code == 303
    for slug, person in (("other", "owner"), ("other", "outsider")):
        refused = invite(world, slug, "victim@example.net, else@example.net", person)
        assert refused.status_code == 422
        assert "victim@example.net got several mails with a link today." in refused.content.decode()
    assert Mail.objects.filter(to__iexact="victim@example.net").count() == 2
    assert invite(world, "other", "else@example.net").status_code == 303
    Mail.objects.update(created_at=timezone.now() - limits.DAY)
    assert invite(world, "other", "victim@example.net").status_code == 303


def test_answers_to_the_inviter_are_not_counted_as_invitations_to_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_TO_ADDRESS", 1)
    Mail.objects.create(key="invitation:7:accepted", to="nobody@example.com", subject="", text="")
    assert invite(world, "acme", "nobody@example.com").status_code == 303


def test_what_is_counted_is_seen_across_organizations_and_only_counted(world: World, second: Organization) -> None:
    assert invite(world, second.slug, "a@example.net").status_code == 303
    access = world.access("owner")
    assert limits.done_today(access.user, "invitation.create") == 1
    assert not Event.objects.filter(verb="invitation.create").exists()
    with pytest.raises(Refused, match="is a user"):
        invitations.invite(["viewer@example.com"], Role.COLLABORATOR, by=access)
