"""Grants that end by themselves: each is cleared away and logged, whatever happens to another one."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Mail, User
from organizations import lasting, sentences, tenancy
from organizations.models import Event, Organization, Team
from products.actions import expiry
from products.actions.expiry import end_grants
from products.actions.grant import set_rights
from products.actions.holding import TABLES
from products.models import ProductGroupGrant
from products.permissions import ids
from tests.people import World

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def end_now(world: World) -> None:
    """Every grant that ends has ended a moment ago, and nobody was told anything yet."""
    with tenancy.every_organization():
        for table in TABLES.values():
            table._default_manager.exclude(expires_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    Mail.objects.all().delete()
    tenancy.leave()


def left(world: World) -> int:
    with tenancy.every_organization():
        return sum(table._default_manager.exclude(expires_at=None).count() for table in TABLES.values())


def ended(world: World) -> list[Event]:
    with tenancy.scope(world.acme.pk):
        return list(Event.objects.filter(verb="grant.end").order_by("pk"))


def test_the_log_says_which_rights_ended_on_what(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    until, biller = timezone.now() + TOMORROW, world.users["biller"]
    set_rights(biller, hosting, {"configure"}, until=until, by=access)
    for kind in (world.products["email"].kind, hosting.kind):
        set_rights(biller, kind, {"statistics"}, until=until, by=access)
    end_now(world)
    end_grants()
    told = [(event.target_name, event.details["kind"], event.details["permissions"]) for event in ended(world)]
    assert told == [
        ("acme.ch", "", ["configure", "view"]),
        ("Acme", "email", ["statistics", "view"]),
        ("Acme", "hosting", ["statistics", "view"]),
    ]
    said = [sentences.of(event.verb, event.details) for event in ended(world)]
    assert "on all %(kind)s of" not in str(said[0].text)
    assert "on all %(kind)s of" in str(said[1].text)
    assert said[1].values(ended(world)[1].details)["kind"] == world.products["email"].kind.label
    assert "Change its settings" in said[0].note({})
    # One mail, of all that ended together.
    assert [mail.to for mail in Mail.objects.all()] == ["biller@example.com"]


def test_what_was_logged_before_is_still_told(world: World) -> None:
    said = sentences.of("grant.end", {"person": "Somebody"})
    assert "ended, as it was set" in str(said.text)
    assert said.note({}) == ""


def test_the_group_of_no_team_stops_nobody(world: World) -> None:
    """Guardian gives rights to any group."""
    access, hosting = world.access("owner"), world.products["hosting"]
    group = Group.objects.create(name="of no team")
    ends = timezone.now() + TOMORROW
    ProductGroupGrant.objects.create(
        group=group, content_object=hosting, permission_id=ids(type(hosting))["view"], expires_at=ends
    )
    set_rights(world.users["biller"], hosting, {"view"}, until=ends, by=access)
    set_rights(world.team, world.products["email"], {"view"}, until=ends, by=access)
    end_now(world)
    end_grants()
    assert {event.details["person"] for event in ended(world)} == {"Biller Tester", "Web"}
    assert left(world) == 1


def test_whoever_is_gone_when_their_turn_comes_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    set_rights(
        world.users["biller"],
        world.products["hosting"],
        {"view"},
        until=timezone.now() + TOMORROW,
        by=world.access("owner"),
    )
    end_now(world)
    gone: list[Any] = [(world.acme.pk, User, 10**9), (world.acme.pk, Team, 10**9), (10**9, User, 1)]
    found = [*gone, *expiry.due()]
    monkeypatch.setattr(expiry, "due", lambda: found)
    end_grants()
    assert [event.details["person"] for event in ended(world)] == ["Biller Tester"]
    assert left(world) == 0


def test_one_that_breaks_stops_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for person in ("biller", "orderer", "collaborator"):
        until = timezone.now() + TOMORROW
        set_rights(world.users[person], world.products["email"], {"view"}, until=until, by=world.access("owner"))
    end_now(world)
    match = lasting.match

    def broken(organization: Organization, user: User, **more: Any) -> None:
        if user == world.users["orderer"]:
            raise ValueError("broken")
        match(organization, user, **more)

    with monkeypatch.context() as patched:
        patched.setattr(lasting, "match", broken)
        end_grants()
    assert {event.details["person"] for event in ended(world)} == {"Biller Tester", "Collaborator Tester"}
    assert f"the grants of User {world.users['orderer'].pk}" in caplog.text
    assert tenancy.current() == tenancy.NOTHING
    assert left(world) == 1
    end_grants()
    assert [event.details["person"] for event in ended(world)].count("Orderer Tester") == 1
    assert left(world) == 0
