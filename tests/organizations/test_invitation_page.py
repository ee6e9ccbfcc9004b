"""The page behind the link: exactly what the token says, and one answer for everything that is not open."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tries
from organizations import invitations, tenancy
from organizations.models import Invitation, Membership, Organization
from organizations.roles import Role
from products.kinds import get
from tests.organizations.invited import EMAIL, browser, events, invited, member, of, person
from tests.people import World


def seen(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def full(world: World) -> str:
    hosting, kind = world.products["hosting"], get("email")
    rights = [(hosting, hosting.kind.preset("technical")), (kind, kind.preset("viewer"))]
    how = {"may_order": True, "message": "See <b>you</b>", "teams": [world.team], "rights": rights}
    return invited(world, membership_expires_at=timezone.now() + timedelta(days=40), **how)


def test_a_visitor_sees_who_asks_them_to_what_but_no_names_of_products(world: World) -> None:
    text = seen(Client(), full(world))
    for words in ("Join Acme", "Owner Tester invites", EMAIL, "Collaborator", "Order products", "1 team", "1 product"):
        assert words in text
    assert "See &lt;b&gt;you&lt;/b&gt;" in text
    assert "Sign in" in text
    assert "Create an account" in text
    assert "acme.ch" not in text
    assert "Web" not in text.split("About")[0]
    assert "Accept" not in text


def test_the_invited_person_sees_the_names_and_answers(world: World) -> None:
    text = seen(browser(person()), full(world))
    for words in ("Hosting acme.ch: Technical", "Email, all and future ones: Viewer", "Web", "Accept", "Decline"):
        assert words in text


def test_an_account_makes_no_difference_for_a_visitor(world: World) -> None:
    """With a login for the address and without one: the same page."""
    before = seen(Client(), path := invited(world))
    person()
    assert seen(Client(), path) == before


def test_what_is_gone_is_not_shown(world: World) -> None:
    path, client = full(world), browser(person())
    with tenancy.scope(world.acme.pk):
        world.team.delete()
        type(world.products["hosting"]).objects.filter(pk=world.products["hosting"].pk).update(state="cancelled")
    text = seen(client, path)
    assert "acme.ch" not in text
    assert "team" not in text


def test_links_to_sign_in_and_up_lead_back_here(world: World) -> None:
    path = invited(world, "new+tag@example.org")
    page = Client().get(path).content.decode()
    quoted = path.replace("/", "%2F")
    assert f'href="/accounts/login/?next={quoted}"' in page
    signup = re.search(r'href="(/accounts/signup/[^"]+)"', page)
    assert signup is not None
    form = Client().get(signup[1].replace("&amp;", "&")).content.decode()
    field = re.search(r'<input[^>]+name="email"[^>]*>', form)
    assert field is not None
    assert 'value="new+tag@example.org"' in field[0]
    assert "readonly" in field[0]
    assert f'name="next" value="{path}"' in form
    assert "for this address" in form


def test_the_page_writes_nothing_and_leaves_no_scope(world: World) -> None:
    path = invited(world)
    Client().get(path)
    assert tenancy.current() == tenancy.NOTHING
    assert of(world).is_open


def expire(world: World) -> None:
    Invitation.objects.filter(email=EMAIL).update(expires_at=timezone.now())


def revoke(world: World) -> None:
    Invitation.objects.filter(email=EMAIL).update(revoked_at=timezone.now())


def use(world: World) -> None:
    Invitation.objects.filter(email=EMAIL).update(accepted_at=timezone.now())


def demote_inviter(world: World) -> None:
    Membership.objects.filter(user=world.users["owner"]).update(role=Role.COLLABORATOR)


def suspend_inviter(world: World) -> None:
    Membership.objects.filter(user=world.users["owner"]).update(suspended_at=timezone.now())


def remove_inviter(world: World) -> None:
    Membership.objects.filter(user=world.users["owner"]).delete()


def forget_inviter(world: World) -> None:
    Invitation.objects.filter(email=EMAIL).update(invited_by=None)


def close_inviter(world: World) -> None:
    type(world.users["owner"]).objects.filter(pk=world.users["owner"].pk).update(is_active=False)


def keep_out_inviter(world: World) -> None:
    """The organization asks for a second factor, and the inviter has none."""
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from=timezone.now())


def end_access_first(world: World) -> None:
    Invitation.objects.filter(email=EMAIL).update(membership_expires_at=timezone.now())


def delete_organization(world: World) -> None:
    Organization.objects.filter(pk=world.acme.pk).update(deleted_at=timezone.now())


CLOSED: list[Callable[[World], None]] = [
    expire,
    revoke,
    use,
    demote_inviter,
    suspend_inviter,
    remove_inviter,
    forget_inviter,
    close_inviter,
    keep_out_inviter,
    end_access_first,
    delete_organization,
]
VERBS = ("", "accept/", "decline/")


def plain(answer: Any, path: str) -> tuple[int, str]:
    """The answer, but for what differs from request to request by nature: the link itself, and form tokens."""
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", answer.content.decode())
    text = text.replace(path, "PATH").replace(path.replace("/", "%2F"), "PATH")
    return answer.status_code, re.sub(r"/messages?/", "", text)


def asked(client: Client, path: str, verb: str) -> tuple[int, str]:
    return plain(client.post(path + verb) if verb else client.get(path), path)


@pytest.mark.parametrize("close", CLOSED, ids=lambda close: close.__name__)
def test_what_is_not_open_is_refused_in_the_same_words(world: World, close: Callable[[World], None]) -> None:
    path, user = invited(world), person()
    client = browser(user)
    assert client.get(path).status_code == 200
    with tenancy.scope(world.acme.pk):
        close(world)
    garbage = "/invitations/garbage/"
    want = asked(client, garbage, "")
    assert want[0] == 404
    assert "This invitation is not open" in want[1]
    assert f"You are signed in as {EMAIL}" in want[1]
    assert "Sign in with another account" in want[1]
    for verb in VERBS:
        assert asked(client, path, verb) == want, verb
        assert asked(client, garbage, verb) == want, verb
    assert asked(Client(), path, "") == asked(Client(), garbage, "")
    assert member(world, user) is None


def test_a_legal_representative_must_still_be_one_for_whom_they_appoint(world: World) -> None:
    path, client = invited(world, role=Role.LEGAL_REPRESENTATIVE), browser(person())
    assert client.get(path).status_code == 200
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["owner"]).update(role=Role.ADMINISTRATOR)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "nobody", "staff", "invited"])
def test_another_persons_link_is_refused_and_stays_open(world: World, who: str) -> None:
    path, client = invited(world), world.client(who)
    want = asked(client, "/invitations/garbage/", "")
    for verb in VERBS:
        assert asked(client, path, verb) == want
    assert of(world).is_open
    assert not events(world, "invitation.accept")


def test_an_address_that_is_not_proved_opens_nothing(world: World) -> None:
    path, user = invited(world), person(proved=False)
    client = browser(user)
    for verb in VERBS:
        assert asked(client, path, verb)[0] == 404
    assert member(world, user) is None


def test_a_token_of_another_organization_opens_only_that_one(world: World) -> None:
    """The organization is signed together with the key: neither can be swapped."""
    path, client = invited(world), browser(person())
    organization, key, signature = path.split("/")[2].split(".")
    with tenancy.scope(world.other.pk):
        other = Invitation.objects.create(
            organization=world.other, email=EMAIL, invited_by=world.users["outsider"], role=Role.ADMINISTRATOR
        )
    mixed = invitations.token(other).split(".")
    for token in (f"{mixed[0]}.{key}.{signature}", f"{organization}.{mixed[1]}.{signature}"):
        for verb in VERBS:
            assert asked(client, f"/invitations/{token}/", verb)[0] == 404
    assert "Join Other" in seen(client, f"/invitations/{invitations.token(other)}/")
    assert "Join Acme" in seen(client, path)


def test_accepting_by_get_changes_nothing(world: World) -> None:
    path, user = invited(world), person()
    client = browser(user)
    assert [client.get(path + verb).status_code for verb in ("accept/", "decline/")] == [405, 405]
    assert member(world, user) is None
    assert of(world).is_open


def test_signing_in_with_another_account_leads_back(world: World) -> None:
    path, client = invited(world), world.client("nobody")
    page = client.get(path).content.decode()
    following = re.search(r'name="next" value="([^"]+)"', page)
    assert following is not None
    answer = client.post("/accounts/logout/", {"next": following[1].replace("&amp;", "&")})
    assert answer["Location"] == f"/accounts/login/?next={path.replace('/', '%2F')}"


def test_guesses_are_counted_by_where_they_come_from(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """For good links as for bad ones, and for nobody else."""
    monkeypatch.setattr(tries, "MOST", 5)
    path, client = invited(world), Client(REMOTE_ADDR="192.0.2.1")
    statuses = [client.get(f"/invitations/guess{number}/").status_code for number in range(6)]
    assert statuses == [404] * 5 + [429]
    assert client.get(path).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.2").get(path).status_code == 200
    # One customer has a whole network of the new addresses.
    statuses = [Client(REMOTE_ADDR=f"2001:db8::{n}").get("/invitations/guess/").status_code for n in range(1, 7)]
    assert statuses == [404] * 5 + [429]
    assert Client(REMOTE_ADDR="2001:db8:1::1").get(path).status_code == 200


def test_opening_good_links_is_not_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST", 5)
    path = invited(world)
    assert {Client().get(path).status_code for _turn in range(10)} == {200}
