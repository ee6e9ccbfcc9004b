"""A membership that ends by its own date: closed at that moment, then logged and told, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail, User
from organizations import lasting, tenancy
from organizations.actions import member as actions
from organizations.models import Event, Membership, Organization
from organizations.tasks import end_memberships
from products.models import ProductUserGrant
from tests.people import World
from tests.products.test_api import LIST, ask, issue

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


@pytest.fixture(autouse=True)
def told_before(world: World) -> None:
    """What ended yesterday was told yesterday."""
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["expired"]).update(ended_at=timezone.now() - timedelta(days=1))


def end_now(world: World, *persons: str) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Membership.objects.filter(organization=world.acme, user__in=[world.users[name] for name in persons])
        rows.update(expires_at=timezone.now() - timedelta(seconds=1))
    tenancy.leave()


def of(world: World, person: str) -> Membership:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.select_related("user").get(organization=world.acme, user=world.users[person])


def events(world: World, verb: str = "member.end") -> list[Event]:
    with tenancy.scope(world.acme.pk):
        return list(Event.objects.filter(organization=world.acme, verb=verb).order_by("pk"))


def test_it_is_logged_and_told_once(world: World) -> None:
    end_now(world, "viewer", "technician")
    for _again in range(2):
        end_memberships()
    assert [(event.target_name, event.actor, event.address) for event in events(world)] == [
        ("Viewer Tester", None, None),
        ("Technician Tester", None, None),
    ]
    assert {mail.to for mail in Mail.objects.all()} == {"viewer@example.com", "technician@example.com"}
    mail = Mail.objects.get(to="viewer@example.com")
    assert mail.subject == "Your access to Acme has ended"
    assert "as it was set" in mail.text
    assert "No products yet" not in mail.text
    log = world.client("owner").get("/o/acme/activity/").text
    assert "ended, as it was set" in log


def test_what_has_not_ended_or_never_does_is_left_alone(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["viewer"]).update(expires_at=timezone.now() + SOON)
    tenancy.leave()
    end_memberships()
    assert not events(world)
    assert not Mail.objects.exists()


def test_what_they_held_stays_for_a_new_end_and_its_passing_is_told_again(world: World) -> None:
    end_now(world, "viewer")
    end_memberships()
    assert of(world, "viewer").ended_at
    with tenancy.scope(world.acme.pk):
        assert ProductUserGrant.objects.filter(user=world.users["viewer"]).exists()
    actions.set_expiry(of(world, "viewer"), timezone.now() + SOON, by=world.access("owner"))
    assert of(world, "viewer").ended_at is None
    assert "Viewer" in Mail.objects.filter(to="viewer@example.com").latest("pk").text
    end_now(world, "viewer")
    end_memberships()
    assert len(events(world)) == 2
    actions.set_expiry(of(world, "viewer"), None, by=world.access("owner"))
    assert of(world, "viewer").ended_at is None
    end_memberships()
    assert len(events(world)) == 2


def test_their_api_tokens_open_nothing_from_that_moment_on(world: World) -> None:
    issue(world, "viewer")
    assert ask(LIST).status_code == 200
    end_now(world, "viewer")
    assert ask(LIST).status_code in (401, 403, 404)
    end_memberships()
    assert ask(LIST).status_code in (401, 403, 404)
    actions.set_expiry(of(world, "viewer"), None, by=world.access("owner"))
    tenancy.leave()
    assert ask(LIST).status_code == 200


def test_some_legal_representative_is_told_what_is_to_be_paid_from_then_on(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Membership.objects.filter(user__in=[world.users["owner"], world.users["administrator"]])
        rows.update(role="legal_representative", wants_billing_mail=False)
        rows.filter(user=world.users["administrator"]).update(wants_billing_mail=True)
    end_now(world, "administrator")
    end_memberships()
    assert of(world, "owner").wants_billing_mail


def test_one_that_breaks_stops_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    end_now(world, "viewer", "technician")
    match = lasting.match

    def broken(organization: Organization, user: User, **more: Any) -> None:
        if user == world.users["viewer"]:
            raise ValueError("broken")
        match(organization, user, **more)

    with monkeypatch.context() as patched:
        patched.setattr(lasting, "match", broken)
        end_memberships()
    assert [event.target_name for event in events(world)] == ["Technician Tester"]
    assert "was not told" in caplog.text
    end_memberships()
    assert [event.target_name for event in events(world)] == ["Technician Tester", "Viewer Tester"]


def test_a_suspended_member_hears_that_it_ended(world: World) -> None:
    end_now(world, "suspended")
    end_memberships()
    assert "ended on" in Mail.objects.get(to="suspended@example.com").text
