"""Whoever makes somebody legal representative or administrator, or reaches one, proves first who they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from organizations import tenancy
from organizations.models import Invitation, Membership
from organizations.roles import Role
from products.models import AccessRequest, Product
from products.models.product import State
from tests import people
from tests.organizations.invited import EMAIL, events, invited, of
from tests.people import World

pytestmark = pytest.mark.django_db

MIGHTY = (Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR)
INVITE = "/o/acme/invitations/new/"
# Each way, with the line of the log that says that it happened.
GIVING = {"set_role": "member.role", "invite": "invitation.create", "resend": "invitation.resend"}
REACHING = {
    "demote": "member.role",
    "expiry": "member.expiry",
    "suspend": "member.suspend",
    "restore": "member.restore",
}
SEVERAL = {"suspend several": "member.suspend", "restore several": "member.restore"}
ASKED = {"grant": "request.grant"}
WAYS = [
    *((way, role) for way in (*GIVING, *REACHING) for role in MIGHTY),
    # Legal representatives are left out of what is done to several.
    *((way, Role.ADMINISTRATOR) for way in (*SEVERAL, *ASKED)),
]
VERBS = GIVING | REACHING | SEVERAL | ASKED


def member(world: World, **fields: Any) -> int:
    """The collaborator's membership, changed."""
    with tenancy.scope(world.acme.pk):
        rows = Membership.objects.filter(organization=world.acme, user=world.users["collaborator"])
        rows.update(**fields)
        return rows.get().pk


def prepared(world: World, way: str, role: Role) -> tuple[str, dict[str, Any]]:
    """The address, and what is sent there."""
    if way == "set_role":
        return f"/o/acme/members/{member(world)}/role/", {"role": role}
    if way == "invite":
        return INVITE, {"emails": EMAIL, "role": role}
    if way == "resend":
        invited(world, role=role)
        with tenancy.scope(world.acme.pk):
            Invitation.objects.filter(email=EMAIL).update(sent_at=timezone.now() - timedelta(hours=1))
        return f"/o/acme/invitations/{of(world).pk}/resend/", {}
    if way == "grant":
        with tenancy.scope(world.acme.pk):
            user = world.users["collaborator"]
            asked = AccessRequest.objects.create(
                organization=world.acme, user=user, right="edit" if role in MIGHTY else "billing"
            )
        return f"/o/acme/requests/{asked.pk}/grant/", {}
    verb, _space, several = way.partition(" ")
    suspended = {"suspended_at": timezone.now()} if verb == "restore" else {}
    pk = member(world, role=role, **suspended)
    if several:
        return "/o/acme/members/change/", {"action": verb, "member": pk}
    if verb == "demote":
        return f"/o/acme/members/{pk}/role/", {"role": "external"}
    return f"/o/acme/members/{pk}/{verb}/", {"until": str(timezone.localdate() + timedelta(days=9))}


def stale(world: World) -> Client:
    """The owner, who signed in a day ago."""
    client = Client()
    people.sign_in(client, world.users["owner"], seconds_ago=86400)
    return client


@pytest.mark.parametrize(("way", "role"), WAYS)
def test_a_great_role_waits_for_the_password_and_then_it_is_done_once(world: World, way: str, role: Role) -> None:
    (address, data), client = prepared(world, way, role), stale(world)
    before = len(events(world, VERBS[way]))
    asked = client.post(address, data)
    assert "/accounts/reauthenticate/" in asked["Location"]
    client.post(asked["Location"], {"password": "not-it"})
    assert len(events(world, VERBS[way])) == before
    done = client.post(asked["Location"], {"password": "secret-of-owner"})
    assert done.status_code == 303
    assert done["Location"].startswith("/o/acme/")
    assert len(events(world, VERBS[way])) == before + 1


@pytest.mark.parametrize(("way", "role"), WAYS)
def test_whoever_has_just_proved_it_is_not_asked(world: World, way: str, role: Role) -> None:
    address, data = prepared(world, way, role)
    before = len(events(world, VERBS[way]))
    assert world.client("owner").post(address, data)["Location"].startswith("/o/acme/")
    assert len(events(world, VERBS[way])) == before + 1


@pytest.mark.parametrize("way", VERBS)
def test_a_small_role_needs_no_proof(world: World, way: str) -> None:
    role = Role.EXTERNAL if way == "set_role" else Role.COLLABORATOR
    address, data = prepared(world, way, role)
    before = len(events(world, VERBS[way]))
    assert stale(world).post(address, data)["Location"].startswith("/o/acme/")
    assert len(events(world, VERBS[way])) == before + 1


def test_a_long_form_goes_on_with_all_that_was_typed(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{number}.example.ch",
                state=State.ACTIVE,
            )
            for number in range(150)
        )
    end, emails = timezone.localdate() + timedelta(days=30), [f"new{number}@example.org" for number in range(3)]
    sent = {f"product-{row.pk}": "viewer" for row in rows} | {
        "emails": "\n".join(emails),
        "role": "administrator",
        "wants_billing_mail": "on",
        "teams": [world.team.pk],
        "ends": end.isoformat(),
        "message": "Grüezi & “see you”; 100 % = +1\r\n第二行",
        "kind-email": "technical",
        "find": "site",
    }
    client = stale(world)
    asked = client.post(INVITE, sent)
    assert client.post(asked["Location"], {"password": "secret-of-owner"})["Location"] == "/o/acme/invitations/"
    for email in emails:
        made = of(world, email)
        assert (made.role, made.teams, made.wants_billing_mail) == ("administrator", [world.team.pk], True)
        assert timezone.localdate(made.membership_expires_at) == end
        assert made.message.replace("\r\n", "\n") == "Grüezi & “see you”; 100 % = +1\n第二行"


def test_looking_for_a_product_in_the_form_needs_no_proof(world: World) -> None:
    sent = {"emails": EMAIL, "role": "legal_representative", "search": "1"}
    assert stale(world).post(INVITE, sent).status_code == 200
