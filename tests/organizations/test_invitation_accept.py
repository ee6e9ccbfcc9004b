"""Accepting and declining: what becomes of it, once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Mail
from organizations import tenancy
from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Role
from products.access import decide
from products.kinds import get
from products.models import Product
from tests import people
from tests.organizations.invited import EMAIL, browser, events, invited, member, of, person
from tests.people import World


def test_accepting_makes_a_member_as_the_invitation_says(world: World) -> None:
    hosting, end = world.products["hosting"], timezone.now() + timedelta(days=40)
    rights = [(hosting, hosting.kind.preset("technical")), (get("email"), get("email").preset("viewer"))]
    how: dict[str, Any] = {"has_billing": True, "wants_billing_mail": True, "membership_expires_at": end}
    path, user = invited(world, teams=[world.team], rights=rights, **how), person()
    answer = browser(user).post(f"{path}accept/")
    assert (answer.status_code, answer["Location"]) == (303, "/o/acme/")
    made = member(world, user)
    assert made is not None
    assert (made.role, made.may_order, made.has_billing) == ("collaborator", False, True)
    assert (made.wants_billing_mail, made.wants_product_mail, made.expires_at) == (True, False, end)
    assert user.groups.get() == world.team.group
    with tenancy.scope(world.acme.pk):
        access = Access(user, world.acme, made)
        shown = Product.objects.visible_to(access).with_rights(access)
        held = {product.kind_slug: bool(decide(access, "configure", product)) for product in shown}
    assert held == {"hosting": True, "email": False}
    done = of(world)
    assert (done.accepted_by, done.is_open) == (user, False)
    assert done.accepted_at


def test_a_promise_holds_single_rights_that_are_no_level(world: World) -> None:
    """The page offers levels; what is kept is the rights themselves."""
    rights = [(world.products["hosting"], ["view", "sites"]), (get("email"), ["rules", "view"])]
    path, user = invited(world, rights=rights), person()
    told = browser(user).get(path).text
    assert str(get("hosting").all_permissions["sites"]) in told
    browser(user).post(f"{path}accept/")
    made = member(world, user)
    assert made is not None
    with tenancy.scope(world.acme.pk):
        access = Access(user, world.acme, made)
        held = {
            product.kind_slug: {name for name in product.kind.all_permissions if decide(access, name, product)}
            for product in Product.objects.visible_to(access).with_rights(access)
        }
    assert held == {"hosting": {"view", "sites"}, "email": {"view", "rules"}}


def test_the_person_lands_in_the_organization(world: World) -> None:
    path, user = invited(world), person()
    page = browser(user).post(f"{path}accept/", follow=True)
    assert page.status_code == 200
    assert "Welcome to Acme." in page.content.decode()


def test_the_log_and_the_mails(world: World) -> None:
    path, user = invited(world, rights=[(get("hosting"), get("hosting").preset("viewer"))]), person()
    browser(user).post(f"{path}accept/")
    assert [(e.actor, e.target_name, e.details) for e in events(world, "invitation.accept")] == [
        (user, EMAIL, {"role": "collaborator"})
    ]
    # The rights were given by who invited.
    assert [e.actor for e in events(world, "grant.set")] == [world.users["owner"]]
    told = Mail.objects.get(key=f"invitation:{of(world).pk}:accepted")
    assert told.to == "owner@example.com"
    assert "Newcomer Tester" in told.text
    assert Mail.objects.filter(key__startswith="rights:", to=EMAIL).count() == 1


def test_accepting_changes_nothing_about_the_person(world: World) -> None:
    path, user = invited(world, "NEW@Example.org"), person()
    client = browser(user)
    before = type(user).objects.filter(pk=user.pk).values().get()
    addresses = list(EmailAddress.objects.filter(user=user).values())
    client.post(f"{path}accept/", {"email": "evil@example.org", "role": "legal_representative", "user": 1})
    made = member(world, user)
    assert made is not None
    assert made.role == "collaborator"
    assert type(user).objects.filter(pk=user.pk).values().get() == before
    assert list(EmailAddress.objects.filter(user=user).values()) == addresses


def test_a_link_is_used_once(world: World) -> None:
    path, user = invited(world), person()
    client = browser(user)
    assert client.post(f"{path}accept/").status_code == 303
    assert [client.post(f"{path}accept/").status_code, client.get(path).status_code] == [404, 404]
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=user).delete()
    assert client.post(f"{path}accept/").status_code == 404
    assert member(world, user) is None


def test_who_became_a_member_another_way_keeps_what_they_have(world: World) -> None:
    hosting = world.products["hosting"]
    rights = [(hosting, hosting.kind.preset("full"))]
    path, user = invited(world, role=Role.EXTERNAL, teams=[world.team], rights=rights), person()
    with tenancy.scope(world.acme.pk):
        Membership.objects.create(organization=world.acme, user=user, role=Role.ADMINISTRATOR)
    answer = browser(user).post(f"{path}accept/", follow=True)
    assert "You belong to Acme already." in answer.content.decode()
    kept = member(world, user)
    assert kept is not None
    assert kept.role == Role.ADMINISTRATOR
    assert not user.groups.exists()
    assert of(world).accepted_by == user
    assert events(world, "invitation.accept")[0].details == {"member": True}


def test_what_is_gone_is_left_out(world: World) -> None:
    hosting, domain = world.products["hosting"], world.products["domains"]
    rights = [(hosting, hosting.kind.preset("viewer")), (domain, domain.kind.preset("viewer"))]
    path, user = invited(world, teams=[world.team], rights=rights), person()
    with tenancy.scope(world.acme.pk):
        world.team.delete()
        Product.objects.filter(pk=hosting.pk).update(state="cancelled")
    assert browser(user).post(f"{path}accept/").status_code == 303
    assert [e.target_name for e in events(world, "grant.set")] == ["acme.ch"]
    assert [e.details for e in events(world, "invitation.lapse")] == [{"number": 1}]


def test_a_product_that_went_to_another_organization_is_left_out(world: World) -> None:
    path, user = invited(world, rights=[(world.products["hosting"], ["view"])]), person()
    with tenancy.every_organization():
        Product.objects.filter(pk=world.products["hosting"].pk).update(organization=world.other)
    assert browser(user).post(f"{path}accept/").status_code == 303
    assert not events(world, "grant.set")


def test_declining_ends_it(world: World) -> None:
    path, user = invited(world), person()
    client = browser(user)
    answer = client.post(f"{path}decline/")
    assert (answer.status_code, answer["Location"]) == (303, "/organizations/")
    assert member(world, user) is None
    assert not of(world).is_open
    assert [e.actor for e in events(world, "invitation.decline")] == [user]
    assert Mail.objects.filter(key=f"invitation:{of(world).pk}:declined", to="owner@example.com").exists()
    assert client.post(f"{path}accept/").status_code == 404
    assert "Declined on" in world.client("owner").get("/o/acme/invitations/").content.decode()


def test_an_address_one_only_wants_to_have_opens_nothing(world: World) -> None:
    """Until it is confirmed; and then the old one opens nothing any more."""
    path, old = invited(world, "wanted@example.org"), invited(world, EMAIL)
    user = person()
    EmailAddress.objects.create(user=user, email="wanted@example.org", verified=False)
    client = browser(user)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}accept/").status_code == 404
    assert client.get(old).status_code == 200
    EmailAddress.objects.filter(user=user, email=EMAIL).delete()
    address = EmailAddress.objects.get(user=user)
    address.verified = True
    address.save()
    address.set_as_primary()
    client = browser(type(user).objects.get(pk=user.pk))
    assert client.get(old).status_code == 404
    assert client.post(f"{path}accept/").status_code == 303


def test_an_address_that_lost_its_proof_opens_nothing(world: World) -> None:
    """As after a change of the address that keeps the flag of the old one."""
    path, user = invited(world), person()
    type(user).objects.filter(pk=user.pk).update(email="other@example.org")
    assert browser(type(user).objects.get(pk=user.pk)).post(f"{path}accept/").status_code == 404
    assert member(world, user) is None


def test_case_makes_no_other_person(world: World) -> None:
    path, user = invited(world, "New@Example.ORG"), person("new@example.org")
    assert browser(user).post(f"{path}accept/").status_code == 303


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_member() -> None:
    world = people.make()
    cache.clear()
    hosting = world.products["hosting"]
    path = invited(world, teams=[world.team], rights=[(hosting, hosting.kind.preset("viewer"))])
    user = person()
    first, barrier = browser(user), Barrier(20)

    def accept(number: int) -> int:
        try:
            client = Client()
            client.cookies = first.cookies
            barrier.wait(10)
            return client.post(f"{path}accept/").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(accept, range(20)))
    assert answers == {303: 1, 404: 19}
    with tenancy.scope(world.acme.pk):
        assert Membership.objects.filter(user=user).count() == 1
    assert len(events(world, "invitation.accept")) == 1
    assert Mail.objects.filter(key__endswith=":accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_withdrawing_at_once_is_one_of_them() -> None:
    world = people.make()
    cache.clear()
    path, user = invited(world), person()
    pk, barrier = of(world).pk, Barrier(2)
    calls = [(browser(user), f"{path}accept/"), (world.client("owner"), f"/o/acme/invitations/{pk}/revoke/")]

    def call(number: int) -> int:
        try:
            barrier.wait(10)
            return calls[number][0].post(calls[number][1]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        accepted, withdrawn = pool.map(call, range(2))
    assert (accepted, withdrawn) in {(303, 422), (404, 303)}
    assert (member(world, user) is not None) == (accepted == 303)


def test_no_organization_of_their_own_is_made(world: World) -> None:
    path, user = invited(world), person()
    browser(user).post(f"{path}accept/")
    assert Organization.objects.count() == 2
