"""The list of invitations: their links, sending again, withdrawing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from organizations import invitations, tenancy
from organizations.actions import invitation as rules
from organizations.models import Invitation, Membership
from organizations.roles import Role
from tests.organizations.invited import EMAIL, browser, events, invited, member, of, person
from tests.people import World

LIST = "/o/acme/invitations/"


def act(world: World, verb: str, who: str = "owner") -> Any:
    return world.client(who).post(f"{LIST}{of(world).pk}/{verb}/")


def change(world: World, **fields: Any) -> None:
    with tenancy.scope(world.acme.pk):
        Invitation.objects.filter(email=EMAIL).update(**fields)


def shown(world: World) -> str:
    return " ".join(world.client("owner").get(LIST).content.decode().split())


def test_the_list_has_the_link_to_copy(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"
    rights = [(world.products["hosting"], ["view"])]
    path = invited(world, teams=[world.team], rights=rights)
    page = shown(world)
    assert f'value="https://portal.example{path}"' in page
    assert "Collaborator, 1 product, 1 team" in page
    assert "Sent by you on" in page
    assert "2 of 100" in page


def test_sending_again_gives_two_weeks_and_a_second_mail(world: World) -> None:
    path = invited(world)
    change(world, expires_at=timezone.now() - timedelta(days=1), sent_at=timezone.now() - timedelta(days=15))
    assert "Expired on" in shown(world)
    assert act(world, "resend", "administrator").status_code == 303
    again = of(world)
    assert again.is_open
    assert again.invited_by == world.users["administrator"]
    assert [e.target_name for e in events(world, "invitation.resend")] == [EMAIL]
    keys = set(Mail.objects.filter(to=EMAIL).values_list("key", flat=True))
    assert keys == {f"invitation:{again.pk}:1", f"invitation:{again.pk}:2"}
    assert browser(person()).get(path).status_code == 200


def test_two_clicks_send_one_mail(world: World) -> None:
    invited(world)
    answer = act(world, "resend")
    assert answer.status_code == 422
    assert "A mail to new@example.org has just left." in answer.content.decode()
    change(world, sent_at=timezone.now() - timedelta(minutes=2))
    assert [act(world, "resend").status_code, act(world, "resend").status_code] == [303, 422]
    assert Mail.objects.filter(to=EMAIL).count() == 2


def test_ten_mails_are_enough(world: World) -> None:
    invited(world)
    change(world, sent=rules.MOST_MAILS, sent_at=timezone.now() - timedelta(days=1))
    answer = act(world, "resend")
    assert answer.status_code == 422
    assert "Copy the link" in answer.content.decode()


def test_an_administrator_does_not_send_what_they_could_not_offer(world: World) -> None:
    invited(world, role=Role.LEGAL_REPRESENTATIVE)
    change(world, sent_at=timezone.now() - timedelta(days=1))
    assert act(world, "resend", "administrator").status_code == 422
    assert of(world).invited_by == world.users["owner"]
    assert act(world, "resend", "owner").status_code == 303


def test_sending_again_vouches_for_who_was_removed(world: World) -> None:
    """The invitation of an administrator who left opens nothing until somebody who may invites anew."""
    path, client = invited(world, by="administrator"), browser(person())
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["administrator"]).delete()
    assert client.get(path).status_code == 404
    change(world, sent_at=timezone.now() - timedelta(days=1))
    act(world, "resend")
    assert client.get(path).status_code == 200


def test_withdrawing_closes_the_link_at_once(world: World) -> None:
    path, user = invited(world), person()
    client = browser(user)
    assert client.get(path).status_code == 200
    assert act(world, "revoke").status_code == 303
    assert [client.get(path).status_code, client.post(f"{path}accept/").status_code] == [404, 404]
    assert member(world, user) is None
    assert act(world, "revoke").status_code == 303
    assert len(events(world, "invitation.revoke")) == 1
    assert "Withdrawn on" in shown(world)


def test_what_is_accepted_is_neither_withdrawn_nor_sent_again(world: World) -> None:
    path = invited(world)
    browser(person()).post(f"{path}accept/")
    assert [act(world, "revoke").status_code, act(world, "resend").status_code] == [422, 422]
    assert "Accepted by Newcomer Tester on" in shown(world)


def test_what_is_withdrawn_is_not_sent_again(world: World) -> None:
    invited(world)
    act(world, "revoke")
    assert "Invite new@example.org anew" in act(world, "resend").content.decode()


def test_old_answers_leave_the_list(world: World) -> None:
    invited(world)
    change(world, revoked_at=timezone.now() - timedelta(days=31))
    assert EMAIL not in shown(world)


@pytest.mark.parametrize("verb", ["resend", "revoke"])
def test_an_invitation_of_another_organization_is_not_here(world: World, verb: str) -> None:
    with tenancy.scope(world.other.pk):
        other = Invitation.objects.create(organization=world.other, email=EMAIL, invited_by=world.users["outsider"])
    for pk in (other.pk, 10**30):
        assert world.client("owner").post(f"{LIST}{pk}/{verb}/").status_code == 404
    with tenancy.scope(world.other.pk):
        other.refresh_from_db()
    assert (other.revoked_at, other.sent) == (None, 0)


def test_many_invitations_ask_no_more_queries(world: World, django_assert_max_num_queries: Any) -> None:
    with tenancy.scope(world.acme.pk):
        Invitation.objects.bulk_create(
            Invitation(organization=world.acme, email=f"{number}@example.net", invited_by=world.users["owner"])
            for number in range(99)
        )
    client = world.client("owner")
    client.get(LIST)
    with django_assert_max_num_queries(11):
        assert client.get(LIST).status_code == 200


def test_the_link_is_the_one_of_the_mail(world: World) -> None:
    invited(world)
    assert invitations.link(of(world)) in Mail.objects.get(to=EMAIL).text


def test_an_administrator_leaves_the_invitation_of_a_legal_representative_alone(world: World) -> None:
    path, client = invited(world, role=Role.LEGAL_REPRESENTATIVE), browser(person())
    answer = act(world, "revoke", "administrator")
    assert answer.status_code == 422
    assert "Only a legal representative appoints another one." in answer.text
    assert client.get(path).status_code == 200
    assert not events(world, "invitation.revoke")
    pk = of(world).pk
    for who, closed in (("administrator", True), ("owner", False)):
        page = world.client(who).get(LIST).text
        assert (f'action="{LIST}{pk}/revoke/"' in page, f'id="needs-revoke-{pk}"' in page) == (not closed, closed)
        assert (f'action="{LIST}{pk}/resend/"' in page, f'id="needs-resend-{pk}"' in page) == (not closed, closed)
    assert act(world, "revoke", "owner").status_code == 303
    assert client.get(path).status_code == 404


def test_an_expired_one_stands_in_nobodys_way(world: World) -> None:
    invited(world, role=Role.LEGAL_REPRESENTATIVE)
    change(world, expires_at=timezone.now() - timedelta(days=1))
    invited(world, by="administrator")
    assert of(world).role == Role.COLLABORATOR
