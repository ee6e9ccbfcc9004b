"""Inviting people: what is asked for, what is refused, and the mail that leaves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import Mail
from manager.web.refused import Refused
from organizations import invitations, tenancy
from organizations.access import Denied
from organizations.actions import invitation as rules
from organizations.models import Invitation
from organizations.roles import Role
from products.actions.invitation import invite
from products.kinds import get
from products.models import Product
from products.models.product import State
from tests import people
from tests.organizations.invited import EMAIL, events, invited, of
from tests.people import World

ADDRESS = "/o/acme/invitations/new/"
FORM = {"emails": EMAIL, "role": "collaborator"}


def post(world: World, who: str = "owner", **other: Any) -> Any:
    return world.client(who).post(ADDRESS, FORM | other)


def count(world: World) -> int:
    with tenancy.scope(world.acme.pk):
        return Invitation.objects.filter(email__endswith="@example.org").count()


def test_an_invitation_with_everything(world: World) -> None:
    hosting, domain = world.products["hosting"].pk, world.products["domains"].pk
    end = timezone.localdate() + timedelta(days=30)
    answer = post(
        world,
        may_order="on",
        wants_product_mail="on",
        ends=end.isoformat(),
        teams=[world.team.pk],
        message="See you on Monday",
        **{"kind-email": "viewer", f"product-{hosting}": "technical", f"product-{domain}": ""},
    )
    assert (answer.status_code, answer["Location"]) == (303, "/o/acme/invitations/")
    made = of(world)
    assert (made.email, made.role, made.may_order, made.has_billing) == (EMAIL, "collaborator", True, False)
    assert (made.wants_product_mail, made.wants_billing_mail, made.message) == (True, False, "See you on Monday")
    assert made.teams == [world.team.pk]
    assert made.grants == [
        {"kind": "email", "permissions": sorted(get("email").preset("viewer"))},
        {"product": hosting, "permissions": sorted(get("hosting").preset("technical"))},
    ]
    assert timezone.localdate(made.membership_expires_at) == end
    assert made.invited_by == world.users["owner"]
    assert timedelta(days=13) < made.expires_at - timezone.now() <= timedelta(days=14)


def test_the_log_says_who_invited_whom_as_what(world: World) -> None:
    post(world)
    assert [(e.actor, e.target_name, e.details) for e in events(world, "invitation.create")] == [
        (world.users["owner"], EMAIL, {"role": "collaborator"})
    ]


def test_the_mail_has_the_link_and_only_our_address(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"
    client = world.client("owner", headers={"Host": "localhost:6666", "X-Forwarded-Host": "evil.example"})
    client.post(ADDRESS, FORM | {"message": "https://evil.example/prize"})
    made = of(world)
    assert Mail.objects.get(to=EMAIL).key == f"invitation:{made.pk}:1"
    tasks.sweep_mail()
    for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
        tasks.send_mail(pk)
    body = outbox.outbox[-1].body
    assert f"https://portal.example/invitations/{invitations.token(made)}/" in body
    assert "Owner Tester (owner@example.com)" in body
    assert "Acme" in body
    assert not any(word in body for word in ("6666", "localhost", "evil"))


def test_several_people_at_once(world: World) -> None:
    assert post(world, emails="A@example.org, b@example.org;\nc@example.org  a@example.org").status_code == 303
    with tenancy.scope(world.acme.pk):
        emails = set(Invitation.objects.filter(email__endswith="@example.org").values_list("email", flat=True))
    assert emails == {"a@example.org", "b@example.org", "c@example.org"}
    assert Mail.objects.filter(to__endswith="@example.org").count() == 3


@pytest.mark.parametrize(
    ("emails", "said"),
    [
        ("a@example.org, nonsense, b@example.org, @x", "“nonsense” is not an email address."),
        ("a@example.org, nonsense, b@example.org, @x", "“@x” is not an email address."),
        (" , ;", "Enter at least one address."),
        ("", "Fill this in."),
        (",".join(f"a{number}@example.org" for number in range(21)), "Up to 20 addresses at once; these are 21."),
        (f"a@example.org, {'x' * 250}@example.org", "is not an email address."),
        ("a@example.org, viewer@EXAMPLE.com", "viewer@example.com is a user of Acme already."),
        ("a@example.org, expired@example.com", "expired@example.com is a user of Acme already."),
        ("a@example.org, invited@example.com", "invited@example.com is invited already."),
    ],
)
def test_a_bad_address_is_named_and_nobody_is_invited(world: World, emails: str, said: str) -> None:
    answer = post(world, emails=emails, message="Kept")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Kept" in page
    assert count(world) == 0


def test_who_has_a_login_elsewhere_is_invited_like_anybody(world: World) -> None:
    """The answers for an address with a login and for one without are the same."""
    pages = [post(world, emails=email) for email in ("outsider@example.com", "nobody-at-all@example.com")]
    assert [page.status_code for page in pages] == [303, 303]
    texts = [Mail.objects.get(to=email).text for email in ("outsider@example.com", "nobody-at-all@example.com")]
    assert texts[0].count("\n") == texts[1].count("\n")


def test_only_a_legal_representative_appoints_another(world: World) -> None:
    assert post(world, "administrator", role="legal_representative").status_code == 422
    assert count(world) == 0
    assert post(world, "administrator", role="administrator", emails="b@example.org").status_code == 303
    assert post(world, "owner", role="legal_representative").status_code == 303


def test_flags_are_for_collaborators(world: World) -> None:
    post(world, role="external", may_order="on", has_billing="on")
    assert (of(world).may_order, of(world).has_billing) == (False, False)


def test_who_has_everything_by_role_gets_no_single_rights(world: World) -> None:
    post(world, role="administrator", **{"kind-hosting": "full"})
    assert of(world).grants == []


def test_nobody_gives_more_than_they_hold(world: World) -> None:
    """Not even to a product that the giver does not see."""
    foreign, domain = world.foreign["hosting"], world.products["domains"]
    post(world, **{f"product-{foreign.pk}": "full"})
    assert of(world).grants == []
    for target, giver in ((foreign, "owner"), (domain, "viewer"), (get("hosting"), "technician")):
        with pytest.raises((Refused, Denied)):
            invite(["b@example.org"], Role.EXTERNAL, rights=[(target, ["view"])], by=world.access(giver))
    with pytest.raises(Denied):
        invite(["b@example.org"], Role.EXTERNAL, by=world.access("viewer"))
    assert count(world) == 1


def test_teams_of_others_are_not_given(world: World) -> None:
    assert post(world, teams=["999999"]).status_code == 422
    assert post(world, teams=["x"]).status_code == 422


@pytest.mark.parametrize("ends", ["2020-01-01", "9999-12-31", "nonsense", "0001-01-01"])
def test_a_day_that_makes_no_sense(world: World, ends: str) -> None:
    assert post(world, ends=ends).status_code == 422
    assert count(world) == 0


def test_an_expired_invitation_makes_room_for_a_new_one(world: World) -> None:
    invited(world, role=Role.EXTERNAL)
    old = of(world)
    with tenancy.scope(world.acme.pk):
        Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    assert post(world).status_code == 303
    with tenancy.scope(world.acme.pk):
        old.refresh_from_db()
    assert old.revoked_at
    assert (of(world).role, of(world).is_open) == ("collaborator", True)


def test_a_hundred_are_open_at_most(world: World) -> None:
    """One is open from the start."""
    owner = world.users["owner"]
    with tenancy.scope(world.acme.pk):
        Invitation.objects.bulk_create(
            Invitation(organization=world.acme, email=f"{number}@example.net", invited_by=owner) for number in range(98)
        )
    assert "100 invitations may be open at once, and 99 are." in post(
        world, emails="a@example.org b@example.org"
    ).content.decode().replace("\n", " ")
    assert post(world, emails="a@example.org").status_code == 303
    assert post(world, emails="b@example.org").status_code == 422


def test_withdrawing_and_inviting_anew_sends_no_mail_after_mail(world: World) -> None:
    for _turn in range(rules.MOST_TO_ONE):
        assert post(world).status_code == 303
        world.client("owner").post(f"/o/acme/invitations/{of(world).pk}/revoke/")
    assert "was invited often today" in post(world).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_four_times_at_once_invites_once() -> None:
    world, barrier = people.make(), Barrier(4)
    first = world.client("owner")

    def send(number: int) -> int:
        try:
            client = Client()
            client.cookies = first.cookies
            barrier.wait(10)
            return client.post(ADDRESS, FORM).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, range(4)))
    assert answers == [303, 422, 422, 422]
    assert count(world) == 1
    assert Mail.objects.filter(to=EMAIL).count() == 1


def furnish(world: World, number: int) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{each:05}.example.ch",
                state=State.ACTIVE,
            )
            for each in range(number)
        )


def test_finding_products_keeps_what_was_chosen_and_typed(world: World) -> None:
    furnish(world, 60)
    with tenancy.scope(world.acme.pk):
        wanted = Product.objects.get(name="site00055.example.ch").pk
    client = world.client("owner")
    first = client.get(ADDRESS).content.decode()
    assert "site00055" not in first
    assert "There are more." in first
    data = {"emails": "half@", "role": "external", "teams": [world.team.pk], "search": "1", "find": "site00055"}
    chosen = world.products["domains"].pk
    for headers in ({}, {"HX-Request": "true", "HX-Target": "levels"}):
        answer = client.post(ADDRESS, data | {f"product-{chosen}": "technical"}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'name="product-{wanted}" value="viewer"' in page
        assert f'name="product-{chosen}" value="technical" checked' in page.replace("\n", "")
        assert "site00054" not in page
        if not headers:
            assert "half@" in page
            assert "is not an email address" not in page
            assert 'value="external" id="id_role_3" checked' in page
    assert post(world, **{f"product-{wanted}": "viewer", "find": "acme"}).status_code == 303
    assert of(world).grants == [{"product": wanted, "permissions": ["statistics", "view"]}]


def test_ten_thousand_products_ask_no_more_queries(world: World, django_assert_max_num_queries: Any) -> None:
    furnish(world, 10_000)
    client = world.client("owner")
    client.get(ADDRESS)
    with django_assert_max_num_queries(12):
        assert client.get(ADDRESS).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.post(ADDRESS, {"search": "1", "find": "site0999"}).status_code == 200
