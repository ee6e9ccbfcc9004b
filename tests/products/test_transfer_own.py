"""A person moves products between two organizations of theirs: chosen, shown, confirmed, and then elsewhere at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Event, Membership
from organizations.roles import Role
from products.actions import moving
from products.actions import transfer as actions
from products.domains.models import Domain
from products.hosting.models import Hosting
from products.kinds import Preset
from products.models import (
    AccessRequest,
    ApiTokenProduct,
    Job,
    Product,
    ProductGroupGrant,
    ProductUserGrant,
    TransferItem,
)
from tests import people
from tests.people import World
from tests.products.moving_world import access, form, fresh, join, owner_of, pks, sent, verbs

pytestmark = pytest.mark.django_db
NEW = "/o/acme/transfers/new/"


def plain(client: Client, address: str, data: dict[str, object] | None = None) -> str:
    """The page as text."""
    answer = client.post(address, data) if data is not None else client.get(address)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def give(world: World, *kinds: str, key: object = None) -> None:
    owner = world.users["owner"]
    target = access(owner, world.other)
    actions.give(pks(world, *kinds), target, key=key or uuid4(), by=access(owner, world.acme))  # type: ignore[arg-type]


def test_everything_of_it_moves(world: World) -> None:
    join(world.users["owner"], world.other)
    with tenancy.scope(world.acme.pk):
        for kind in ("hosting", "domains"):
            Job.objects.create(
                organization=world.acme, product=world.products[kind], verb="provision", state="succeeded"
            )
    give(world, "hosting", "domains")
    with tenancy.scope(world.acme.pk):
        moved = pks(world, "hosting", "domains")
        for model in (Hosting, Domain, Job, ProductUserGrant, ProductGroupGrant, ApiTokenProduct):
            name = "content_object__in" if "Grant" in model.__name__ else "product__in"
            assert not model.objects.filter(**{name: moved}).exists(), model
        assert list(Product.objects.filter(organization=world.acme)) == [world.products["email"]]
    with tenancy.scope(world.other.pk):
        here = {"organization": world.other}
        assert Product.objects.filter(pk__in=moved, **here).count() == 2
        assert Hosting.objects.get(product=moved[0]).organization == world.other
        assert Domain.objects.get(product=moved[1]).organization == world.other
        assert set(Job.objects.filter(product__in=moved).values_list("organization", flat=True)) == {world.other.pk}
        assert not ProductUserGrant.objects.filter(content_object__in=moved).exists()


def test_every_table_of_a_kind_moves_by_itself() -> None:
    """What a kind keeps of a product has `product` beside `organization`: else a transfer would leave it behind."""
    tables = list(moving.tables())
    assert {Job, Hosting, Domain} < set(tables)
    assert [
        model.__name__ for model in tables if not any(field.name == "product" for field in model._meta.fields)
    ] == []


def test_nothing_is_done_at_the_provider(world: World) -> None:
    join(world.users["owner"], world.other)
    give(world, "hosting")
    with tenancy.every_organization():
        assert not Job.objects.exists()
        product = Product.objects.get(pk=world.products["hosting"].pk)
    assert (product.key, product.state) == (world.products["hosting"].key, "active")


def test_both_logs_tell_it_once(world: World) -> None:
    join(world.users["owner"], world.other)
    key = uuid4()
    give(world, key=key)
    give(world, key=key)
    assert verbs(world.acme) == ["product.transfer.out"]
    assert verbs(world.other) == ["product.transfer.in"]
    with tenancy.scope(world.other.pk):
        event = Event.objects.get(verb="product.transfer.in")
    assert (event.target_name, event.actor) == ("acme.ch", world.users["owner"])
    assert (event.details["source"], event.details["receiver"]) == ("Acme", "Other")


def test_everybody_concerned_is_told_once(world: World) -> None:
    join(world.users["owner"], world.other)
    key = uuid4()
    give(world, key=key)
    give(world, key=key)
    told = Mail.objects.filter(key__contains=":moved:")
    assert set(told.values_list("to", flat=True)) == {
        world.users[name].email for name in ("owner", "administrator", "viewing", "outsider")
    }
    assert told.count() == 4
    text = told.get(to="outsider@example.com").text
    assert "Hosting acme.ch" in text
    assert f"/o/other/transfers/{fresh_pk()}/" in text


def fresh_pk() -> int:
    with tenancy.every_organization():
        return int(TransferItem.objects.values_list("transfer", flat=True).get())


def test_who_loses_rights_hears_what_is_left(world: World) -> None:
    join(world.users["owner"], world.other)
    give(world)
    told = set(Mail.objects.filter(key__startswith="rights:").values_list("to", flat=True))
    assert told == {world.users[name].email for name in ("viewer", "technician", "external", "teammate")}


def test_what_they_see_now(world: World) -> None:
    join(world.users["owner"], world.other)
    hosting, viewer = world.products["hosting"], world.client("viewer")
    assert viewer.get(f"/o/acme/hosting/{hosting.pk}/").status_code == 200
    give(world)
    assert viewer.get(f"/o/acme/hosting/{hosting.pk}/").status_code == 404
    assert world.client("administrator").get(f"/o/acme/hosting/{hosting.pk}/").status_code == 404
    assert world.client("outsider").get(f"/o/other/hosting/{hosting.pk}/").status_code == 200


def test_requests_for_it_are_closed(world: World) -> None:
    join(world.users["owner"], world.other)
    with tenancy.scope(world.acme.pk):
        AccessRequest.objects.create(
            organization=world.acme, user=world.users["viewer"], right="configure", product=world.products["hosting"]
        )
    give(world)
    with tenancy.scope(world.acme.pk):
        request = AccessRequest.objects.get()
    assert (request.state, "no longer in Acme" in request.reply) == ("withdrawn", True)
    assert world.client("viewer").get("/o/acme/requests/").status_code == 200


def test_the_pages_lead_there(world: World) -> None:
    join(world.users["owner"], world.other)
    client = world.client("owner")
    assert "Transfer to another organization" in plain(client, f"/o/acme/hosting/{world.products['hosting'].pk}/")
    data = form(world, to="own", organization="other") | {"message": "Now yours"}
    del data["confirm"]
    text = plain(client, NEW, data)
    assert "Nothing has moved yet" in text
    assert owner_of(world.products["hosting"]) == "Acme"
    answer = client.post(NEW, data | {"confirm": "1"})
    assert answer.status_code == 303
    assert owner_of(world.products["hosting"]) == "Other"
    assert "From Acme to Other" in plain(client, answer["Location"])
    assert "From Acme" in plain(client, "/o/other/transfers/")
    assert "To Other" in plain(client, "/o/acme/transfers/")
    # The same form again leads to the same page.
    assert client.post(NEW, data | {"confirm": "1"})["Location"] == answer["Location"]


def test_what_is_shown_is_what_happens(world: World) -> None:
    """Products and people, as the page names them before, and as they are after."""
    join(world.users["owner"], world.other)
    with tenancy.scope(world.acme.pk):
        assign_perm("view", world.users["collaborator"], world.products["email"])
    client = world.client("owner")
    data = form(world, "hosting", "domains", to="own", organization="other")
    del data["confirm"]
    context = client.post(NEW, data).context
    preview = context["preview"]
    kinds = {line.product.kind_slug for line in preview.lines}
    assert kinds == {"hosting", "domains"}
    assert not preview.stuck
    assert preview.losses.people == ["External Tester", "Technician Tester", "Viewer Tester"]
    assert preview.losses.by_role == [
        "Administrator Tester",
        "Owner Tester",
        "Viewing Tester",
    ]
    assert preview.losses.teams == ["Web"]
    assert preview.losses.tokens == 2
    assert [product.kind_slug for product in preview.staying] == ["email"]
    with tenancy.scope(world.acme.pk):
        before = holders()
    client.post(NEW, data | {"confirm": "1"})
    with tenancy.scope(world.acme.pk):
        lost = before - holders()
        assert {product.kind_slug for product in Product.objects.filter(organization=world.acme)} == {"email"}
    # What was left behind of somebody who is no member counts for nobody, and does not stay.
    assert lost == {world.users[name].pk for name in ("viewer", "technician", "external", "former")}
    with tenancy.scope(world.other.pk):
        names = Product.objects.filter(organization=world.other, name="acme.ch").values_list("kind_slug", flat=True)
        assert set(names) == kinds


def holders() -> set[int]:
    return set(ProductUserGrant.objects.values_list("user", flat=True))


def test_another_currency_is_said_before(world: World) -> None:
    join(world.users["owner"], world.other)
    data = form(world, to="own", organization="other")
    del data["confirm"]
    client = world.client("owner")
    assert "renewals are charged in" not in plain(client, NEW, data)
    world.other.country = "DE"
    world.other.save()
    assert "Acme pays in CHF, Other in EUR: renewals are charged in EUR." in plain(client, NEW, data)


@pytest.mark.parametrize("state", ["ordered", "pending", "failed", "cancelled"])
def test_only_what_is_set_up_moves(world: World, state: str) -> None:
    join(world.users["owner"], world.other)
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(pk=world.products["hosting"].pk).update(state=state)
    with pytest.raises(Refused, match=r"acme\.ch: Only what is set up"):
        give(world, "domains", "hosting")
    assert owner_of(world.products["domains"]) == "Acme"


def test_what_is_suspended_moves(world: World) -> None:
    join(world.users["owner"], world.other)
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(pk=world.products["hosting"].pk).update(state="suspended")
    give(world)
    assert owner_of(world.products["hosting"]) == "Other"


@pytest.mark.parametrize("state", ["queued", "running", "waiting"])
def test_what_is_being_worked_on_stays(world: World, state: str) -> None:
    join(world.users["owner"], world.other)
    with tenancy.scope(world.acme.pk):
        Job.objects.create(organization=world.acme, product=world.products["hosting"], verb="apply", state=state)
    with pytest.raises(Refused, match="Something is being done to it"):
        give(world)
    page = plain(world.client("owner"), NEW)
    assert "Something is being done to it" in page


def test_what_is_in_another_transfer_stays(world: World) -> None:
    join(world.users["owner"], world.other)
    sent(world)
    with pytest.raises(Refused, match="another open transfer"):
        give(world)
    with pytest.raises(Refused, match="another open transfer"):
        sent(world)


@pytest.mark.parametrize("person", ["biller", "collaborator", "technician", "external", "suspended", "expired"])
def test_who_may_not_order_gives_nothing_away(world: World, person: str) -> None:
    user = world.users[person]
    with tenancy.scope(world.acme.pk):
        for permission in world.products["hosting"].kind.preset(Preset.FULL):
            assign_perm(permission, user, world.products["hosting"])
    join(user, world.other)
    client = world.client(person)
    assert client.post(NEW, form(world, to="own", organization="other")).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.give(pks(world), access(user, world.other), key=uuid4(), by=access(user, world.acme))
    assert owner_of(world.products["hosting"]) == "Acme"


def test_the_right_to_order_is_not_enough_on_a_product_of_others(world: World) -> None:
    """With it, and with the level Technical: nobody gives away what they may not cancel."""
    user = world.users["orderer"]
    hosting = world.products["hosting"]
    join(user, world.other)
    client = world.client("orderer")
    with tenancy.scope(world.acme.pk):
        for permission in hosting.kind.preset(Preset.TECHNICAL):
            assign_perm(permission, user, hosting)
    refused = client.post(NEW, form(world, to="own", organization="other"))
    assert refused.status_code == 422
    assert "this may cost money" in refused.content.decode()
    assert owner_of(hosting) == "Acme"
    with tenancy.scope(world.acme.pk):
        assign_perm("lifecycle", user, hosting)
    assert client.post(NEW, form(world, to="own", organization="other")).status_code == 303
    assert owner_of(hosting) == "Other"


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        (Role.COLLABORATOR, {}),
        (Role.COLLABORATOR, {"has_billing": True}),
        (Role.EXTERNAL, {"may_order": True}),
        (Role.LEGAL_REPRESENTATIVE, {"suspended_at": "2026-01-01T00:00Z"}),
        (Role.ADMINISTRATOR, {"expires_at": "2026-01-01T00:00Z"}),
    ],
)
def test_nobody_gives_to_where_they_may_not_order(world: World, role: Role, fields: dict[str, object]) -> None:
    target = join(world.users["owner"], world.other, role, **fields)
    client = world.client("owner")
    assert client.post(NEW, form(world, to="own", organization="other")).status_code == 422
    assert "In none of your other organizations may you order" in plain(client, NEW)
    with pytest.raises(PermissionDenied):
        actions.give(pks(world), target, key=uuid4(), by=access(world.users["owner"], world.acme))
    assert owner_of(world.products["hosting"]) == "Acme"


def test_a_right_that_ended_since_the_page_was_drawn(world: World) -> None:
    target, by = join(world.users["owner"], world.other), access(world.users["owner"], world.acme)
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(pk=by.membership.pk).update(role=Role.COLLABORATOR)
    with pytest.raises(PermissionDenied):
        actions.give(pks(world), target, key=uuid4(), by=by)
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(pk=by.membership.pk).delete()
    with pytest.raises(Refused, match="no longer belong"):
        actions.give(pks(world), target, key=uuid4(), by=by)


def test_not_to_an_organization_that_asks_for_a_second_factor(world: World) -> None:
    join(world.users["owner"], world.other)
    world.other.second_factor_from = "2026-01-01T00:00Z"
    world.other.save()
    client = world.client("owner")
    assert client.post(NEW, form(world, to="own", organization="other")).status_code == 422
    assert "asks for a second factor" in plain(client, NEW)


def test_not_to_where_one_looks_as_somebody_else(world: World) -> None:
    from organizations.gate import VIEW_AS

    join(world.users["owner"], world.other)
    member = join(world.users["collaborator"], world.other, Role.COLLABORATOR).membership
    client = world.client("owner")
    session = client.session
    session[VIEW_AS] = {str(world.other.pk): [member.pk, timezone.now().isoformat()]}
    session.save()
    assert client.post(NEW, form(world, to="own", organization="other")).status_code == 422
    assert "Other: You are looking at Other as Collaborator Tester. That is read-only." in plain(client, NEW)
    assert owner_of(world.products["hosting"]) == "Acme"
    session[VIEW_AS] = {}
    session.save()
    assert client.post(NEW, form(world, to="own", organization="other")).status_code == 303


def test_who_orders_reads_of_nobody_and_nothing_that_is_not_theirs(world: World) -> None:
    """Who manages no users reads how many lose access; others of the same name, as far as they see them."""
    user, hosting = world.users["orderer"], world.products["hosting"]
    with tenancy.scope(world.acme.pk):
        for permission in hosting.kind.preset(Preset.FULL):
            assign_perm(permission, user, hosting)
        assign_perm("view", user, world.products["email"])
    data = form(world)
    del data["confirm"]
    answer = world.client("orderer").post(NEW, data)
    assert [product.kind_slug for product in answer.context["preview"].staying] == ["email"]
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert "7 people, 1 team." in text
    for name in ("Owner Tester", "Viewer Tester", "Technician Tester", "Teams: Web"):
        assert name not in text
    assert "By rights: External Tester, Orderer Tester, Technician Tester, Viewer Tester" in plain(
        world.client("owner"), NEW, data
    )


def test_first_one_proves_who_one_is_and_then_it_goes_on(world: World) -> None:
    join(world.users["owner"], world.other)
    client = Client()
    people.sign_in(client, world.users["owner"], seconds_ago=3600)
    data = form(world, to="own", organization="other")
    shown = {name: value for name, value in data.items() if name != "confirm"}
    assert client.post(NEW, shown).status_code == 200  # looking is free
    answer = client.post(NEW, data)
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/" in answer["Location"]
    assert owner_of(world.products["hosting"]) == "Acme"
    answer = client.post(answer["Location"], {"password": "secret-of-owner"}, follow=True)
    assert owner_of(world.products["hosting"]) == "Other"
    assert answer.redirect_chain[-1][0].startswith("/o/acme/transfers/")


def test_products_of_others_and_nonsense_are_no_choice(world: World) -> None:
    client = world.client("owner")
    for product in (world.foreign["hosting"].pk, 999999, "x", "9" * 30, "-1", ""):
        answer = client.post(NEW, form(world) | {"product": [product]})
        assert answer.status_code == 422
    answer = client.post(NEW, form(world) | {"product": []})
    assert "Choose at least one product" in answer.content.decode()


def test_a_key_of_somebody_else_is_refused(world: World) -> None:
    with tenancy.scope(world.other.pk):
        theirs = actions.send(
            [world.foreign["hosting"].pk], key=uuid4(), by=access(world.users["outsider"], world.other)
        )
    with pytest.raises(Refused, match="sent before"):
        sent(world, key=theirs.key)
    assert fresh(theirs).organization == world.other


@pytest.mark.django_db(transaction=True)
def test_sent_by_two_windows_at_the_same_moment_it_moves_once() -> None:
    world = people.make()
    join(world.users["owner"], world.other)
    clients = [world.client("owner") for _ in range(4)]
    for data in (form(world, to="own", organization="other"), {}):
        if not data:
            # Other keys, as from pages that were opened one by one.
            answers = at_once(clients, lambda: form(world, "email", to="own", organization="other"))
            assert sorted(answers) == [303, 422, 422, 422]
            continue
        assert at_once(clients, lambda data=data: data) == [303] * 4
    assert verbs(world.acme) == ["product.transfer.out"] * 2
    assert verbs(world.other) == ["product.transfer.in"] * 2
    assert Mail.objects.filter(key__contains=":moved:", to="outsider@example.com").count() == 2


def at_once(clients: list[Client], data: object) -> list[int]:
    from django.db import connection

    def post(client: Client) -> int:
        try:
            return client.post(NEW, data()).status_code  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(post, clients))
