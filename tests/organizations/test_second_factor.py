"""An organization asks for a second factor: from a day that gives time, told to everybody, and without a way around."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from accounts.models import Mail
from organizations import tenancy
from organizations.models import Event, Membership, Organization
from organizations.roles import Role
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db

PAGE = "/o/acme/sign-in-rules/"
REQUIRE, RELEASE, REMIND = f"{PAGE}require/", f"{PAGE}release/", "/o/acme/members/remind/"


def day(number: int) -> dict[str, str]:
    return {"start": (timezone.localdate() + timedelta(days=number)).isoformat()}


def add_factor(world: World, *names: str, type: str = Authenticator.Type.TOTP) -> None:
    for name in names:
        Authenticator.objects.create(user=world.users[name], type=type, data={"secret": "x"})


def set_rule(world: World, start: datetime | None) -> None:
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from=start)


def in_force(world: World) -> None:
    set_rule(world, timezone.now() - timedelta(minutes=1))


def told(template: str) -> set[str]:
    return set(Mail.objects.filter(key__startswith=f"{template}:").values_list("to", flat=True))


def bare_members() -> set[str]:
    names = ("biller", "orderer", "collaborator", "viewer", "technician", "teammate", "external", "viewing")
    return {f"{name}@example.com" for name in names}


def test_from_that_day_on_it_is_asked_for_and_who_has_none_is_told(world: World) -> None:
    add_factor(world, "owner", "administrator")
    client = world.client("owner")
    for _repeat in range(2):
        assert client.post(REQUIRE, day(14)).status_code == 303
    world.acme.refresh_from_db()
    start = world.acme.second_factor_from
    assert start is not None
    local = timezone.localtime(start)
    assert (local.date(), local.hour, local.minute) == (timezone.localdate() + timedelta(days=14), 0, 0)
    assert not world.acme.requires_second_factor
    assert told("second-factor-required") == bare_members()
    mail = Mail.objects.filter(key__startswith="second-factor-required:").first()
    assert mail is not None
    assert f"{local.day} " in mail.text
    assert "/accounts/2fa/" in mail.text
    world.access("owner")
    assert Event.objects.filter(verb="second_factor.require").count() == 1


def test_however_often_the_day_changes_people_get_one_mail_a_day_with_the_last_one(world: World) -> None:
    add_factor(world, "owner")
    client = world.client("owner")
    for number in (14, 28, 21):
        client.post(REQUIRE, day(number))
    mail = Mail.objects.get(to="viewer@example.com", key__startswith="second-factor-required:")
    world.acme.refresh_from_db()
    assert world.acme.second_factor_from is not None
    assert f"{timezone.localtime(world.acme.second_factor_from).day} " in mail.text
    # Tomorrow another change is told again.
    Mail.objects.update(key=Concat("key", Value("-yesterday")), sent_at=timezone.now())
    client.post(REQUIRE, day(30))
    assert Mail.objects.filter(to="viewer@example.com", key__startswith="second-factor-required:").count() == 2
    world.access("owner")
    assert Event.objects.filter(verb="second_factor.require").count() == 4


@pytest.mark.parametrize(
    ("person", "start", "status", "reason"),
    [
        ("owner", day(0), 422, "lock yourself out"),
        ("owner", day(-1), 422, "has passed"),
        ("owner", day(91), 422, "At most 90 days"),
        ("owner", {"start": ""}, 422, "required"),
        ("owner", {"start": "soon"}, 422, "valid date"),
        ("biller", day(14), 403, "Edit the organization"),
        ("outsider", day(14), 404, ""),
        ("suspended", day(14), 403, "suspended"),
        ("viewing", day(14), 403, "read-only"),
    ],
)
def test_refused(world: World, person: str, start: dict[str, str], status: int, reason: str) -> None:
    answer = world.client(person).post(REQUIRE, start)
    assert answer.status_code == status
    assert reason in answer.content.decode()
    if start["start"] and status == 422:
        assert f'value="{start["start"]}"' in answer.content.decode()
    world.acme.refresh_from_db()
    assert world.acme.second_factor_from is None
    assert not told("second-factor-required")
    assert world.client("owner").post(REQUIRE, day(14)).status_code == 303


def test_at_once_by_who_has_one(world: World) -> None:
    add_factor(world, "owner")
    client = world.client("owner")
    assert client.post(REQUIRE, day(0)).status_code == 303
    assert client.get("/o/acme/").status_code == 200
    refused = world.client("administrator").get("/o/acme/")
    assert refused.status_code == 403


def test_let_go_a_password_opens_it_again(world: World) -> None:
    add_factor(world, "owner")
    in_force(world)
    viewer, owner = world.client("viewer"), world.client("owner")
    assert viewer.get("/o/acme/").status_code == 403
    for _repeat in range(2):
        assert owner.post(RELEASE).status_code == 303
    assert viewer.get("/o/acme/").status_code == 200
    world.access("owner")
    assert Event.objects.filter(verb="second_factor.release").count() == 1


@pytest.mark.parametrize("address", [REQUIRE, RELEASE])
def test_switching_it_asks_who_one_is(world: World, address: str) -> None:
    client = Client()
    people.sign_in(client, world.users["owner"], seconds_ago=3600)
    asked = client.post(address, day(14))
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    world.acme.refresh_from_db()
    assert world.acme.second_factor_from is None


def test_before_the_day_pages_of_that_organization_remind(world: World) -> None:
    set_rule(world, timezone.now() + timedelta(days=3))
    words = "asks for a second factor, and your login has none"
    viewer = world.client("viewer")
    assert words in viewer.get("/o/acme/").content.decode()
    assert words not in viewer.get("/profile/").content.decode()
    assert words not in world.client("outsider").get("/o/other/").content.decode()
    add_factor(world, "viewer", type=Authenticator.Type.WEBAUTHN)
    assert words not in viewer.get("/o/acme/").content.decode()


def test_without_a_rule_nobody_is_asked_about(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("viewer")
    client.get("/o/acme/members/")
    with django_assert_max_num_queries(40) as captured:
        client.get("/o/acme/hosting/")
    assert not [query for query in captured.captured_queries if "mfa_authenticator" in query["sql"]]


@pytest.mark.parametrize("address", ["", "hosting/", "search/?q=acme", "activity/", "tokens/", "members/"])
def test_after_the_day_everything_of_it_is_closed(world: World, address: str) -> None:
    client = world.client("owner")
    assert client.get(f"/o/acme/{address}").status_code == 200
    in_force(world)
    answer = client.get(f"/o/acme/{address}")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "/accounts/2fa/" in page
    assert "Turn on a second factor" in page
    assert "/o/acme/leave/" in page
    # Nothing of it is drawn around the refusal.
    assert 'href="/o/acme/hosting/"' not in page
    add_factor(world, "owner")
    assert client.get(f"/o/acme/{address}").status_code == 200


def test_recovery_codes_alone_are_none(world: World) -> None:
    in_force(world)
    add_factor(world, "owner", type=Authenticator.Type.RECOVERY_CODES)
    assert world.client("owner").get("/o/acme/").status_code == 403


def test_nothing_changes_from_outside(world: World) -> None:
    in_force(world)
    hosting = world.products["hosting"]
    client = world.client("owner")
    assert client.post(f"/o/acme/hosting/{hosting.pk}/label/", {"text": "x"}).status_code == 403
    assert client.post(RELEASE).status_code == 403
    hosting.refresh_from_db() if world.access("owner") else None
    assert hosting.label == ""


def test_who_looks_as_somebody_needs_one_themselves(world: World) -> None:
    in_force(world)
    client = world.client("viewing")
    assert client.get("/o/acme/").status_code == 403
    add_factor(world, "viewer")
    assert client.get("/o/acme/").status_code == 403
    add_factor(world, "viewing")
    assert client.get("/o/acme/").status_code == 200


def test_lists_over_all_organizations_leave_out_what_is_closed(world: World) -> None:
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["owner"], role=Role.ADMINISTRATOR)
    client, hosting = world.client("owner"), world.products["hosting"]
    # A product of Acme, asked for in the other organization, and the list of everything.
    astray, everywhere = f"/o/other/hosting/{hosting.pk}/", "/everywhere/"
    assert hosting.get_absolute_url() in client.get(everywhere).content.decode()
    assert hosting.get_absolute_url() in client.get(astray).content.decode()
    in_force(world)
    page = client.get(everywhere).content.decode()
    assert hosting.get_absolute_url() not in page
    assert world.foreign["hosting"].get_absolute_url() in page
    assert hosting.get_absolute_url() not in client.get(astray).content.decode()


def test_the_page_lists_who_is_not_ready(world: World) -> None:
    add_factor(world, "owner", "technician")
    page = world.client("owner").get(PAGE).content.decode()
    assert "Viewer Tester" in page
    for ready in ("Technician Tester", "Suspended Tester", "Expired Tester", "Outsider Tester"):
        assert ready not in page
    assert "8 of 10 active users" in page


def test_the_page_asks_the_same_for_any_number(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("owner")
    client.get(PAGE)
    with django_assert_max_num_queries(13):
        client.get(PAGE)
    with tenancy.scope(world.acme.pk):
        for number in range(60):
            user = people.user(f"more{number}")
            Membership.objects.create(organization=world.acme, user=user, role=Role.EXTERNAL)
    with django_assert_max_num_queries(13):
        page = client.get(PAGE).content.decode()
    assert "1 to 50 of 70" in page


def test_reminded_once_a_day(world: World) -> None:
    add_factor(world, "owner")
    set_rule(world, timezone.now() + timedelta(days=3))
    client = world.client("owner")
    for _repeat in range(2):
        answer = client.post(REMIND, {"next": PAGE})
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert Mail.objects.filter(to="viewer@example.com", key__startswith="second-factor:").count() == 1
    assert told("second-factor") == bare_members() | {"administrator@example.com"}
    assert "Reminded today" in client.get(PAGE).content.decode()
    mail = Mail.objects.get(to="viewer@example.com", key__startswith="second-factor:")
    assert "Without one its pages are closed to you from" in mail.text
    world.access("owner")
    assert Event.objects.filter(verb="second_factor.remind").count() == 1
