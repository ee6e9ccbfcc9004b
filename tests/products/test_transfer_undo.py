"""Given back within 72 hours, by the side that received; with the rights that had ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import Mail, User
from manager.web.refused import Refused
from organizations import tenancy
from organizations.gate import VIEW_AS
from organizations.models import Membership, Organization
from organizations.roles import Role
from products.actions import transfer as actions
from products.actions.grant import set_rights
from products.hosting.models import Hosting
from products.kinds import Preset
from products.models import Job, Product, ProductGroupGrant, ProductUserGrant, Transfer
from tests import people
from tests.people import World
from tests.products.moving_world import accepted, access, fresh, join, owner_of, verbs

pytestmark = pytest.mark.django_db


def undo(world: World, transfer: Transfer) -> Transfer:
    by = access(world.users["outsider"], world.other)
    return actions.undo(fresh(transfer), by=by)


def grants(world: World) -> set[tuple[object, ...]]:
    """Those of members and teams."""
    with tenancy.scope(world.acme.pk):
        columns = ("permission__codename", "granted_by", "expires_at", "content_object", "organization")
        people = ProductUserGrant.objects.exclude(user=world.users["former"]).values_list("user", *columns)
        teams = ProductGroupGrant.objects.values_list("group", *columns)
        return {*people, *teams}


def test_everything_is_as_before(world: World) -> None:
    hosting, soon = world.products["hosting"], timezone.now() + timedelta(days=3)
    with tenancy.scope(world.acme.pk):
        owner = access(world.users["owner"], world.acme)
        set_rights(world.users["collaborator"], hosting, ["statistics"], until=soon, by=owner)
        job = Job.objects.create(organization=world.acme, product=hosting, verb="provision", state="succeeded")
    before = grants(world)
    assert len(before) > 10
    transfer = accepted(world, "hosting", "email")
    assert grants(world) == set()
    undo(world, transfer)
    assert grants(world) == before
    assert {owner_of(product) for product in world.products.values()} == {"Acme"}
    with tenancy.scope(world.acme.pk):
        assert Hosting.objects.get(product=hosting).organization == world.acme
        assert Job.objects.get(pk=job.pk).organization == world.acme
    with tenancy.scope(world.other.pk):
        assert set(Product.objects.filter(organization=world.other)) == set(world.foreign.values())
    assert world.client("viewer").get(f"/o/acme/hosting/{hosting.pk}/").status_code == 200


def test_rights_given_meanwhile_end(world: World) -> None:
    hosting = world.products["hosting"]
    join(world.users["nobody"], world.other, Role.COLLABORATOR)
    transfer = accepted(world)
    with tenancy.scope(world.other.pk):
        assign_perm("view", world.users["nobody"], hosting)
    undo(world, transfer)
    with tenancy.scope(world.acme.pk, world.other.pk):
        assert not ProductUserGrant.objects.filter(user=world.users["nobody"]).exists()
    assert world.client("nobody").get(f"/o/other/hosting/{hosting.pk}/").status_code == 404


def test_nobody_who_left_gets_rights_back_nor_what_has_ended(world: World) -> None:
    transfer = accepted(world)
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["viewer"]).delete()
        Membership.objects.filter(user=world.users["technician"]).update(role=Role.ADMINISTRATOR)
        for item in transfer.items.all():
            for grant in item.grants:
                if grant.get("user") == world.users["external"].pk:
                    grant["until"] = (timezone.now() - timedelta(minutes=1)).isoformat()
            item.save()
        world.team.delete()
    undo(world, transfer)
    assert grants(world) == set()


def test_both_sides_read_of_it_once(world: World) -> None:
    transfer = accepted(world)
    undo(world, transfer)
    undo(world, transfer)
    assert verbs(world.acme)[-1] == "product.transfer.return.in"
    assert verbs(world.other) == ["product.transfer.in", "product.transfer.return.out"]
    told = Mail.objects.filter(key__contains=":undone:")
    assert {mail.to for mail in told} >= {"owner@example.com", "outsider@example.com"}
    assert told.count() == len({mail.to for mail in told})
    texts = world.client("owner").get("/o/acme/activity/").content.decode()
    assert "back" in texts
    assert world.client("outsider").get("/o/other/activity/").status_code == 200


def test_by_the_pages(world: World) -> None:
    transfer = accepted(world)
    theirs = world.client("outsider")
    assert "Give 1 product back to Acme" in theirs.get(f"/o/other/transfers/{transfer.pk}/").content.decode()
    assert theirs.post(f"/o/other/transfers/{transfer.pk}/undo/").status_code == 303
    assert owner_of(world.products["hosting"]) == "Acme"
    assert theirs.post(f"/o/other/transfers/{transfer.pk}/undo/").status_code == 303
    assert "Given back" in theirs.get("/o/other/transfers/").content.decode()


def test_the_side_that_gave_cannot_take_them_back(world: World) -> None:
    transfer = accepted(world)
    client = world.client("owner")
    page = client.get(f"/o/acme/transfers/{transfer.pk}/").content.decode()
    assert "Acme alone cannot take them" in page
    answer = client.post(f"/o/acme/transfers/{transfer.pk}/undo/")
    assert answer.status_code == 422
    assert "Only the side that received" in answer.content.decode()
    assert owner_of(world.products["hosting"]) == "Other"
    with pytest.raises(Refused, match="Only the side that received"):
        actions.undo(fresh(transfer), by=access(world.users["owner"], world.acme))


def test_who_may_order_for_both_can_from_either(world: World) -> None:
    transfer = accepted(world)
    join(world.users["owner"], world.other)
    client = world.client("owner")
    assert "Give 1 product back" in client.get(f"/o/acme/transfers/{transfer.pk}/").content.decode()
    assert client.post(f"/o/acme/transfers/{transfer.pk}/undo/").status_code == 303
    assert owner_of(world.products["hosting"]) == "Acme"


@pytest.mark.parametrize("fields", [{}, {"has_billing": True}])
def test_not_by_who_may_not_order_there(world: World, fields: dict[str, bool]) -> None:
    user = world.users["nobody"]
    join(user, world.other, Role.COLLABORATOR, **fields)
    transfer, client = accepted(world), world.client("nobody")
    hold(world, user, Preset.FULL)
    assert client.post(f"/o/other/transfers/{transfer.pk}/undo/").status_code == 403
    with tenancy.scope(world.other.pk):
        Membership.objects.filter(user=user).update(may_order=True)
    answer = client.post(f"/o/other/transfers/{transfer.pk}/undo/")
    # It is no longer theirs to see.
    assert (answer.status_code, answer["Location"]) == (303, "/o/other/transfers/")
    assert client.get(answer["Location"]).status_code == 200


def hold(world: World, user: User, level: Preset, *kinds: str) -> None:
    """The user holds this level on what Other has received."""
    with tenancy.scope(world.other.pk):
        for kind in kinds or ("hosting",):
            for permission in world.products[kind].kind.preset(level):
                assign_perm(permission, user, Product.objects.get(pk=world.products[kind].pk))


def test_to_give_back_takes_what_it_takes_to_give_away(world: World) -> None:
    """On each of the products. The right to order, and one level less, are not enough."""
    user = world.users["nobody"]
    join(user, world.other, Role.COLLABORATOR, may_order=True)
    transfer, client = accepted(world, "hosting", "email"), world.client("nobody")
    here = f"/o/other/transfers/{transfer.pk}/"

    def refused(status: int) -> str:
        page = client.get(here)
        assert "back to Acme</button>" not in page.content.decode()
        assert client.post(f"{here}undo/").status_code == status
        with pytest.raises(Refused, match="All products go back together"):
            actions.undo(fresh(transfer), by=access(user, world.other))
        assert {owner_of(world.products[kind]) for kind in ("hosting", "email")} == {"Other"}
        return page.content.decode()

    refused(404)
    hold(world, user, Preset.FULL, "hosting")
    refused(404)
    hold(world, user, Preset.TECHNICAL, "email")
    assert "this may cost money” on acme.ch" in refused(422)
    hold(world, user, Preset.FULL, "email")
    assert "back to Acme</button>" in client.get(here).content.decode()
    assert client.post(f"{here}undo/").status_code == 303
    assert {owner_of(world.products[kind]) for kind in ("hosting", "email")} == {"Acme"}


@pytest.mark.parametrize(("role", "fields"), [(Role.COLLABORATOR, {"may_order": True}), (Role.ADMINISTRATOR, {})])
def test_the_chief_of_the_side_that_gave_needs_the_rights_there(
    world: World, role: Role, fields: dict[str, bool]
) -> None:
    transfer, client = accepted(world), world.client("owner")
    join(world.users["owner"], world.other, role, **fields)
    may = role == Role.ADMINISTRATOR
    here = f"/o/acme/transfers/{transfer.pk}/"
    page = client.get(here).content.decode()
    assert ("back to Acme</button>" in page) is may
    assert ("is not yours to see" in page) is not may
    assert client.post(f"{here}undo/").status_code == (303 if may else 422)
    assert owner_of(world.products["hosting"]) == ("Acme" if may else "Other")


def test_not_while_one_looks_at_the_other_side_as_somebody_else(world: World) -> None:
    transfer, client = accepted(world), world.client("owner")
    join(world.users["owner"], world.other)
    member = join(world.users["collaborator"], world.other, Role.COLLABORATOR).membership
    session = client.session
    session[VIEW_AS] = {str(world.other.pk): [member.pk, timezone.now().isoformat()]}
    session.save()
    here = f"/o/acme/transfers/{transfer.pk}/"
    assert "You are looking at Other as Collaborator Tester" in client.get(here).content.decode()
    answer = client.post(f"{here}undo/")
    assert answer.status_code == 422
    assert "You are looking at Other as Collaborator Tester" in answer.content.decode()
    assert owner_of(world.products["hosting"]) == "Other"
    session[VIEW_AS] = {}
    session.save()
    assert client.post(f"{here}undo/").status_code == 303


def test_who_was_removed_and_is_back_gets_no_rights_back(world: World) -> None:
    user, transfer = world.users["viewer"], accepted(world)
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=user).delete()
    join(user, world.acme, Role.COLLABORATOR)
    undo(world, transfer)
    with tenancy.scope(world.acme.pk):
        held = set(ProductUserGrant.objects.values_list("user", flat=True))
    assert held == {world.users[name].pk for name in ("technician", "external")}
    assert world.client("viewer").get(f"/o/acme/hosting/{world.products['hosting'].pk}/").status_code == 404


def test_first_one_proves_who_one_is(world: World) -> None:
    transfer, client = accepted(world), Client()
    people.sign_in(client, world.users["outsider"], seconds_ago=3600)
    answer = client.post(f"/o/other/transfers/{transfer.pk}/undo/")
    assert "/accounts/reauthenticate/" in answer["Location"]
    assert owner_of(world.products["hosting"]) == "Other"
    client.post(answer["Location"], {"password": "secret-of-outsider"}, follow=True)
    assert owner_of(world.products["hosting"]) == "Acme"


def test_not_after_72_hours(world: World) -> None:
    transfer, client = accepted(world), world.client("outsider")
    late = timezone.now() - timedelta(hours=72, minutes=1)
    with tenancy.scope(world.acme.pk):
        Transfer.objects.filter(pk=transfer.pk).update(accepted_at=late)
    answer = client.post(f"/o/other/transfers/{transfer.pk}/undo/")
    assert answer.status_code == 422
    assert "72 hours in which it could be undone have passed" in answer.content.decode()
    assert owner_of(world.products["hosting"]) == "Other"
    assert "Give 1 product" not in client.get(f"/o/other/transfers/{transfer.pk}/").content.decode()


@pytest.mark.parametrize("what", ["cancelled", "job", "offered", "passed on"])
def test_all_or_nothing(world: World, what: str) -> None:
    """One of them ended, is worked on, is offered to somebody, or is somebody else's by now."""
    transfer, email = accepted(world, "hosting", "email"), world.products["email"]
    by = access(world.users["outsider"], world.other)
    with tenancy.scope(world.other.pk):
        if what == "cancelled":
            Product.objects.filter(pk=email.pk).update(state="cancelled")
        elif what == "job":
            Job.objects.create(organization=world.other, product=email, verb="apply")
        elif what == "offered":
            actions.send([email.pk], key=uuid4(), by=by)
    if what == "passed on":
        third = Organization.objects.create(name="Third", slug="third")
        target = join(world.users["outsider"], third)
        actions.give([email.pk], target, key=uuid4(), by=by)
    reasons = {
        "cancelled": "Only what is set up can move",
        "job": "Something is being done to it",
        "offered": "It is in another open transfer",
        "passed on": "It has changed hands since",
    }
    with pytest.raises(Refused, match=rf"All products go back together, or none\. acme\.ch: {reasons[what]}"):
        undo(world, transfer)
    assert owner_of(world.products["hosting"]) == "Other"
    assert fresh(transfer).state == "accepted"


def test_a_product_that_came_twice_goes_back_by_its_last_transfer_only(world: World) -> None:
    """Taken, given back and taken again: the first transfer is over for good."""
    first = accepted(world)
    undo(world, first)
    second = accepted(world)
    undo(world, first)
    assert owner_of(world.products["hosting"]) == "Other"
    undo(world, second)
    assert owner_of(world.products["hosting"]) == "Acme"


def test_not_to_an_organization_that_is_deleted(world: World) -> None:
    transfer = accepted(world)
    Organization.objects.filter(pk=world.acme.pk).update(deleted_at=timezone.now())
    with pytest.raises(Refused, match="Acme does not exist any more"):
        undo(world, transfer)


@pytest.mark.django_db(transaction=True)
def test_undone_by_two_at_the_same_moment_it_goes_back_once() -> None:
    world = people.make()
    join(world.users["owner"], world.other)
    for permission in world.products["hosting"].kind.preset(Preset.VIEWER):
        with tenancy.scope(world.acme.pk):
            assign_perm(permission, world.users["collaborator"], world.products["hosting"])
    before = grants(world)
    transfer = accepted(world)
    clients = [(world.client("owner"), "acme"), (world.client("owner"), "other"), (world.client("outsider"), "other")]

    def post(at: tuple[Client, str]) -> int:
        try:
            return at[0].post(f"/o/{at[1]}/transfers/{transfer.pk}/undo/").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(post, clients)) == [303] * 3
    assert verbs(world.acme).count("product.transfer.return.in") == 1
    assert grants(world) == before
