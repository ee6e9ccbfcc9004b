"""By a link: bound to an address or not, accepted, declined, withdrawn, expired; and what never opens."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import limits, signed_links, tenancy
from organizations.models import Event, Membership, Organization
from organizations.roles import Role
from products.actions import handover
from products.actions import transfer as actions
from products.kinds import Preset
from products.models import Job, Product, Transfer
from tests import people
from tests.people import World
from tests.products.moving_world import (
    accepted,
    access,
    address,
    form,
    fresh,
    join,
    owner_of,
    pks,
    proved,
    sent,
    take,
    verbs,
)

pytestmark = pytest.mark.django_db
NEW = "/o/acme/transfers/new/"
OTHER = {"organization": "other"}


def text_of(content: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


def without_names(answer: object) -> str:
    """The refused answer, but for the token in it and what changes with each request."""
    return re.sub(r"nonce=\S+|value=\"\S+\"|/transfers/[^\"%&]+", "", answer.content.decode())  # type: ignore[attr-defined]


def test_from_the_page_to_the_other_side(world: World) -> None:
    client = world.client("owner")
    made = client.post(NEW, form(world, "hosting", "email", message="They are yours"))
    assert made.status_code == 303
    page = client.get(made["Location"]).content.decode()
    link = re.search(r'value="(https?://[^"]+/transfers/[^"]+)"', page)
    assert link
    taker, here = world.client("outsider"), re.sub(r"https?://[^/]+", "", link[1])
    text = text_of(taker.get(here).content)
    assert "Acme offers you 2 products" in text
    assert "They are yours" in text
    assert "No interruption of service" in text
    answer = taker.post(f"{here}accept/", OTHER)
    assert answer.status_code == 303
    assert {owner_of(world.products[kind]) for kind in ("hosting", "email")} == {"Other"}
    assert owner_of(world.products["domains"]) == "Acme"
    assert taker.get(answer["Location"]).status_code == 200
    assert client.get(made["Location"]).status_code == 200
    assert verbs(world.acme) == ["transfer.send", "product.transfer.out", "product.transfer.out"]
    assert verbs(world.other) == ["product.transfer.in", "product.transfer.in"]


def test_names_of_those_who_lose_access_stay_on_their_side(world: World) -> None:
    transfer = sent(world)
    answer = world.client("outsider").get(address(transfer))
    theirs, losses = text_of(answer.content), answer.context["preview"].losses
    assert "6 people, 1 team" in theirs
    assert (losses.by_role, losses.people, losses.teams) == ([], [], [])
    for name in ("Viewer Tester", "Technician Tester", "Administrator Tester"):
        assert name not in theirs
    ours = text_of(world.client("owner").get(f"/o/acme/transfers/{transfer.pk}/").content)
    assert "By rights: External Tester, Technician Tester, Viewer Tester" in ours


def test_each_log_tells_only_from_where_its_own_side_acted(world: World) -> None:
    accepted(world)
    for organization, where in ((world.acme, None), (world.other, "192.0.2.1")):
        with tenancy.scope(organization.pk):
            event = Event.objects.get(verb__startswith="product.transfer")
        assert (event.actor, event.address) == (world.users["outsider"], where)
        assert event.details["sender"] == "Owner Tester"


def test_bound_to_an_address_it_is_sent_there_and_opens_for_who_proved_it(world: World) -> None:
    proved(world.users["outsider"])
    client = world.client("owner")
    data = form(world, to="email", email="Outsider@Example.com")
    assert client.post(NEW, data).status_code == 303
    assert client.post(NEW, data).status_code == 303
    mail = Mail.objects.get(key__endswith=":offer")
    assert mail.to == "outsider@example.com"
    here = re.search(r"https?://[^/]+(/transfers/\S+)", mail.text)
    assert here
    assert "Hosting acme.ch" in mail.text
    # The administrator of Acme belongs to Other as well, and is still not who it is for.
    join(world.users["administrator"], world.other)
    for person in ("administrator", "invited", "nobody"):
        proved(world.users[person])
        assert world.client(person).get(here[1]).status_code == 404
        assert world.client(person).post(f"{here[1]}accept/", OTHER).status_code in (404, 422)
    assert owner_of(world.products["hosting"]) == "Acme"
    assert world.client("outsider").get(here[1]).status_code == 200
    assert world.client("outsider").post(f"{here[1]}accept/", OTHER).status_code == 303
    assert owner_of(world.products["hosting"]) == "Other"


@pytest.mark.parametrize("how", ["unverified", "secondary", "none"])
def test_an_address_that_is_not_proved_opens_nothing(world: World, how: str) -> None:
    from allauth.account.models import EmailAddress

    user = world.users["outsider"]
    transfer = sent(world, email=user.email)
    if how == "unverified":
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    if how == "secondary":
        EmailAddress.objects.create(user=user, email=user.email, primary=False, verified=True)
    assert world.client("outsider").get(address(transfer)).status_code == 404
    with pytest.raises(actions.Closed):
        take(world, transfer)


def test_whoever_is_refused_reads_the_same(world: World) -> None:
    """Withdrawn, declined, expired, for somebody else, accepted by somebody else, of another purpose, nonsense."""
    user, client = world.users["outsider"], world.client("outsider")
    withdrawn, declined, expired = sent(world, "hosting"), sent(world, "domains"), sent(world, "email")
    with tenancy.scope(world.acme.pk):
        actions.withdraw(withdrawn, by=access(world.users["owner"], world.acme))
        Transfer.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert world.client("nobody").post(address(declined, "decline/")).status_code == 303
    foreign, gone = sent(world, "hosting", email="somebody@example.com"), sent(world, "domains")
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["owner"]).update(may_order=False, role=Role.COLLABORATOR)
    links = [address(each) for each in (withdrawn, declined, expired, foreign, gone)]
    links += [
        f"/transfers/{signed_links.sign('invitation', world.acme.pk, gone.key)}/",
        f"/transfers/{signed_links.sign('transfer', world.other.pk, gone.key)}/",
        f"/transfers/{signed_links.sign('transfer', 999999, gone.key)}/",
        f"/transfers/{signed_links.sign('transfer', world.acme.pk, uuid4())}/",
        "/transfers/nonsense/",
        f"{address(gone)[:-2]}x/",
    ]
    pages = set()
    for link in links:
        for answer in (client.get(link), client.post(f"{link}accept/", OTHER), client.post(f"{link}decline/")):
            assert answer.status_code == 404, link
            pages.add(without_names(answer))
    assert len(pages) == 1
    assert user.email in pages.pop()
    assert {owner_of(product) for product in world.products.values()} == {"Acme"}


@pytest.mark.parametrize("change", ["role", "suspended", "removed", "inactive", "grant"])
def test_it_is_dead_when_who_sent_it_could_not_send_it_any_more(world: World, change: str) -> None:
    hosting, user = world.products["hosting"], world.users["orderer"]
    with tenancy.scope(world.acme.pk):
        for permission in hosting.kind.preset(Preset.FULL):
            assign_perm(permission, user, hosting)
    transfer, client = sent(world, by="orderer"), world.client("outsider")
    assert client.get(address(transfer)).status_code == 200
    with tenancy.scope(world.acme.pk):
        mine = Membership.objects.filter(user=user)
        if change == "role":
            mine.update(may_order=False)
        elif change == "suspended":
            mine.update(suspended_at=timezone.now())
        elif change == "removed":
            mine.delete()
        elif change == "grant":
            remove_perm("lifecycle", user, hosting)
        else:
            user.is_active = False
            user.save()
    if change == "grant":
        # The link still opens, and says what stands in the way.
        assert "may no longer give it away" in text_of(client.get(address(transfer)).content)
    else:
        assert client.get(address(transfer)).status_code == 404
    assert client.post(address(transfer, "accept/"), OTHER).status_code == (422 if change == "grant" else 404)
    assert owner_of(hosting) == "Acme"
    assert world.client("owner").get(f"/o/acme/transfers/{transfer.pk}/").status_code == 200


def test_it_is_dead_while_who_sent_it_could_not_enter(world: World) -> None:
    """The organization asks for a second factor since, and the sender has none."""
    from allauth.mfa.models import Authenticator

    transfer, client = sent(world), world.client("outsider")
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from="2026-01-01T00:00Z")
    assert client.get(address(transfer)).status_code == 404
    assert client.post(address(transfer, "accept/"), OTHER).status_code == 404
    with pytest.raises(actions.Closed):
        take(world, transfer)
    Authenticator.objects.create(user=world.users["owner"], type=Authenticator.Type.TOTP, data={})
    assert client.post(address(transfer, "accept/"), OTHER).status_code == 303


@pytest.mark.parametrize("person", ["nobody", "biller", "collaborator", "owner", "administrator"])
def test_without_an_organization_to_order_for_nobody_takes_them(world: World, person: str) -> None:
    """The chiefs of the side that gives are no side that takes."""
    transfer, client = sent(world), world.client(person)
    assert "Create an organization" in text_of(client.get(address(transfer)).content)
    for slug in ("acme", "other", "", "nothing"):
        assert client.post(address(transfer, "accept/"), {"organization": slug}).status_code == 422
    assert owner_of(world.products["hosting"]) == "Acme"


@pytest.mark.parametrize("fields", [{}, {"has_billing": True}, {"suspended_at": "2026-01-01T00:00Z"}])
def test_a_member_there_without_the_right_to_order_takes_nothing(world: World, fields: dict[str, object]) -> None:
    target = join(world.users["nobody"], world.other, Role.COLLABORATOR, **fields)
    transfer, client = sent(world), world.client("nobody")
    assert client.post(address(transfer, "accept/"), OTHER).status_code == 422
    with pytest.raises(PermissionDenied):
        actions.accept(world.acme.pk, transfer.key, target)
    with tenancy.scope(world.other.pk):
        Membership.objects.filter(pk=target.membership.pk).update(may_order=True, suspended_at=None)
    assert client.post(address(transfer, "accept/"), OTHER).status_code == 303


def test_an_organization_that_asks_for_a_second_factor_takes_nothing_from_who_has_none(world: World) -> None:
    transfer, client = sent(world), world.client("outsider")
    Organization.objects.filter(pk=world.other.pk).update(second_factor_from="2026-01-01T00:00Z")
    assert client.post(address(transfer, "accept/"), OTHER).status_code == 422
    assert owner_of(world.products["hosting"]) == "Acme"


def test_who_looks_as_somebody_else_takes_nothing(world: World) -> None:
    from organizations.gate import VIEW_AS

    member = join(world.users["collaborator"], world.other, Role.COLLABORATOR).membership
    transfer, client = sent(world), world.client("outsider")
    session = client.session
    session[VIEW_AS] = {str(world.other.pk): [member.pk, timezone.now().isoformat()]}
    session.save()
    said = "You are looking at Other as Collaborator Tester. That is read-only."
    for answer in (client.get(address(transfer)), client.post(address(transfer, "accept/"), OTHER)):
        assert said in text_of(answer.content)
    assert answer.status_code == 422
    assert owner_of(world.products["hosting"]) == "Acme"
    session[VIEW_AS] = {}
    session.save()
    assert client.post(address(transfer, "accept/"), OTHER).status_code == 303


def test_first_one_proves_who_one_is_and_then_it_goes_on(world: World) -> None:
    transfer, client = sent(world), Client()
    people.sign_in(client, world.users["outsider"], seconds_ago=3600)
    answer = client.post(address(transfer, "accept/"), OTHER)
    assert (answer.status_code, owner_of(world.products["hosting"])) == (302, "Acme")
    assert "/accounts/reauthenticate/" in answer["Location"]
    client.post(answer["Location"], {"password": "secret-of-outsider"}, follow=True)
    assert owner_of(world.products["hosting"]) == "Other"


def test_the_anonymous_sign_in_and_come_back(world: World) -> None:
    here = address(sent(world))
    answer = Client().get(here)
    assert answer["Location"] == f"/accounts/login/?next={here}"


def test_accepted_again_by_the_same_person_nothing_more_happens(world: World) -> None:
    transfer, client = sent(world), world.client("outsider")
    first, second = (client.post(address(transfer, "accept/"), OTHER) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert verbs(world.other) == ["product.transfer.in"]
    assert Mail.objects.filter(key__contains=":moved:", to="outsider@example.com").count() == 1
    # Somebody else of Other, and the same link to another place: closed.
    join(world.users["nobody"], world.other)
    assert world.client("nobody").post(address(transfer, "accept/"), OTHER).status_code == 404


def test_what_changed_meanwhile_is_named_and_nothing_moves(world: World) -> None:
    transfer, client = sent(world, "hosting", "email"), world.client("outsider")
    with tenancy.scope(world.acme.pk):
        Job.objects.create(organization=world.acme, product=world.products["email"], verb="suspend")
    assert "Something is being done to it" in text_of(client.get(address(transfer)).content)
    answer = client.post(address(transfer, "accept/"), OTHER)
    assert answer.status_code == 422
    assert "acme.ch: Something is being done to it" in text_of(answer.content)
    assert {owner_of(product) for product in world.products.values()} == {"Acme"}
    with tenancy.scope(world.acme.pk):
        Job.objects.all().delete()
        Product.objects.filter(pk=world.products["email"].pk).update(state="cancelled")
    assert "Only what is set up" in text_of(client.post(address(transfer, "accept/"), OTHER).content)
    assert fresh(transfer).state == "open"


def test_declined(world: World) -> None:
    transfer, client = sent(world), world.client("outsider")
    assert client.post(address(transfer, "decline/")).status_code == 303
    assert fresh(transfer).state == "declined"
    assert Mail.objects.get(key__endswith=":declined").to == "owner@example.com"
    with tenancy.scope(world.acme.pk):
        event = Event.objects.get(verb="transfer.decline")
    assert (event.actor, event.address) == (world.users["outsider"], None)
    # The products are free for another one.
    assert sent(world).is_open


def test_withdrawn_by_anybody_who_orders_there(world: World) -> None:
    transfer = sent(world)
    here = f"/o/acme/transfers/{transfer.pk}/withdraw/"
    assert world.client("biller").post(here).status_code == 403
    assert world.client("outsider").post(here).status_code == 404
    assert world.client("administrator").post(here).status_code == 303
    assert world.client("administrator").post(here).status_code == 303
    assert fresh(transfer).state == "withdrawn"
    assert verbs(world.acme) == ["transfer.send", "transfer.withdraw"]
    assert sent(world).is_open


def test_what_is_accepted_cannot_be_withdrawn_nor_by_the_other_side(world: World) -> None:
    transfer = accepted(world)
    answer = world.client("owner").post(f"/o/acme/transfers/{transfer.pk}/withdraw/")
    assert answer.status_code == 422
    assert "answered this transfer already" in answer.content.decode()
    answer = world.client("outsider").post(f"/o/other/transfers/{transfer.pk}/withdraw/")
    assert answer.status_code == 422
    assert "Only the side that sent it" in answer.content.decode()


def test_only_the_two_sides_see_it(world: World) -> None:
    transfer = accepted(world)
    third = Organization.objects.create(name="Third", slug="third")
    join(world.users["nobody"], third)
    assert world.client("nobody").get(f"/o/third/transfers/{transfer.pk}/").status_code == 404
    assert world.client("owner").get(f"/o/acme/transfers/{transfer.pk}/").status_code == 200
    assert world.client("outsider").get(f"/o/other/transfers/{transfer.pk}/").status_code == 200
    with tenancy.scope(third.pk):
        assert not Transfer.objects.exists()


def test_how_many_may_wait_and_leave_in_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_TO_ADDRESS", 1)
    first = sent(world, email="a@example.com")
    with pytest.raises(Refused, match=r"a@example\.com got several mails"):
        sent(world, "email", email="A@example.com")
    monkeypatch.setattr(handover, "MOST_OPEN", 1)
    with pytest.raises(Refused, match="may be open at once"):
        sent(world, "email")
    with tenancy.scope(world.acme.pk):
        actions.withdraw(first, by=access(world.users["owner"], world.acme))
    monkeypatch.setattr(handover, "MOST_A_DAY", 1)
    with pytest.raises(Refused, match="transfers a day"):
        sent(world, "email")


def test_up_to_two_hundred_at_once(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{number}.example.ch",
                state="active",
            )
            for number in range(201)
        )
        by = access(world.users["owner"], world.acme)
    ids = [row.pk for row in rows]
    answer = world.client("owner").post(NEW, form(world) | {"product": ids})
    assert answer.status_code == 422
    assert "Up to 200 products move at once" in answer.content.decode()
    with tenancy.scope(world.acme.pk), pytest.raises(Refused, match="up to 200"):
        actions.send(ids, key=uuid4(), by=by)
    with tenancy.scope(world.acme.pk):
        transfer = actions.send(ids[:200], key=uuid4(), by=by)
    take(world, transfer)
    with tenancy.scope(world.other.pk):
        assert Product.objects.filter(organization=world.other, pk__in=ids).count() == 200
    assert pks(world)[0] not in ids


@pytest.mark.django_db(transaction=True)
def test_accepted_by_many_at_the_same_moment_it_moves_once() -> None:
    """By two people of Other and one of a third organization, twice each."""
    world = people.make()
    third = Organization.objects.create(name="Third", slug="third")
    join(world.users["nobody"], third)
    join(world.users["staff"], world.other)
    transfer = sent(world, "hosting", "email")
    places = {"outsider": "other", "staff": "other", "nobody": "third"}
    clients = [(world.client(person), place) for person, place in places.items() for _ in range(2)]

    def post(at: tuple[Client, str]) -> int:
        try:
            return at[0].post(address(transfer, "accept/"), {"organization": at[1]}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = list(pool.map(post, clients))
    assert sorted(statuses) == [303, 303, 404, 404, 404, 404]
    won = {place for (_client, place), status in zip(clients, statuses, strict=True) if status == 303}
    winner = {"other": "Other", "third": "Third"}[won.pop()]
    assert {owner_of(world.products[kind]) for kind in ("hosting", "email")} == {winner}
    assert verbs(world.acme).count("product.transfer.out") == 2


@pytest.mark.django_db(transaction=True)
def test_accepted_while_it_is_cancelled_only_one_of_both_happens() -> None:
    world = people.make()
    transfer, hosting = sent(world), world.products["hosting"]
    calls = [
        (world.client("outsider"), address(transfer, "accept/"), OTHER),
        (world.client("owner"), f"/o/acme/hosting/{hosting.pk}/cancel/", {}),
    ]

    def post(call: tuple[Client, str, dict[str, str]]) -> int:
        try:
            return call[0].post(call[1], call[2]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        took, cancelled = pool.map(post, calls)
    with tenancy.every_organization():
        jobs = list(Job.objects.values_list("organization", flat=True))
    if took == 303:
        assert (cancelled, jobs, owner_of(hosting)) == (404, [], "Other")
    else:
        assert (took, cancelled, jobs, owner_of(hosting)) == (422, 303, [world.acme.pk], "Acme")


def test_an_address_gets_so_many_links_whoever_sends_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invitation and an offer count alike, and another organization is no way around."""
    monkeypatch.setattr(limits, "MOST_TO_ADDRESS", 2)
    data = {"emails": "victim@example.net", "role": "external"}
    assert world.client("owner").post("/o/acme/invitations/new/", data).status_code == 303
    sent(world, email="Victim@example.net")
    with pytest.raises(Refused, match="got several mails"):
        sent(world, "email", email="victim@example.net")
    refused = world.client("outsider").post("/o/other/invitations/new/", data)
    assert refused.status_code == 422
    assert "got several mails" in refused.content.decode()
    assert Mail.objects.filter(to__iexact="victim@example.net").count() == 2
