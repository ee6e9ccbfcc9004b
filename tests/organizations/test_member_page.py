"""A member's page: what it shows to whom, its forms, and that a control is open exactly when its POST succeeds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations import tenancy
from organizations.models import Membership
from organizations.roles import Role
from tests.people import World, sign_in

pytestmark = pytest.mark.django_db


def of(world: World, person: str) -> Membership:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.get(organization=world.acme, user=world.users[person])


def address(world: World, person: str, verb: str = "") -> str:
    return f"/o/acme/members/{of(world, person).pk}/{verb and verb + '/'}"


def test_an_administrator_sees_who_somebody_is_and_what_they_may(world: World) -> None:
    page = world.client("owner").get(address(world, "technician")).content.decode()
    assert "technician@example.com" in page
    assert "Hosting acme.ch: Technical" in page


def test_ones_own_page_has_no_role_to_choose_but_says_what_it_contains(world: World) -> None:
    for where in (address(world, "technician"), "/o/acme/membership/"):
        page = world.client("technician").get(where).content.decode()
        assert "Hosting acme.ch: Technical" in page
        assert 'name="role"' not in page
        assert 'name="wants_billing_mail"' in page
        assert 'href="/o/acme/leave/"' in page


def test_my_membership_is_in_everybodys_sidebar(world: World) -> None:
    assert 'href="/o/acme/membership/"' in world.client("external").get("/o/acme/").content.decode()


def test_a_member_of_another_organization_does_not_exist(world: World) -> None:
    with tenancy.scope(world.other.pk):
        foreign = Membership.objects.get(user=world.users["outsider"])
    client = world.client("owner")
    for verb in ("", "role/", "expiry/", "prefer/", "suspend/", "restore/", "remove/", "view-as/"):
        where = f"/o/acme/members/{foreign.pk}/{verb}"
        assert (client.post if verb else client.get)(where, {"role": "external"}).status_code == 404


def test_a_role_is_changed(world: World) -> None:
    answer = world.client("owner").post(
        address(world, "collaborator", "role"), {"role": "collaborator", "has_billing": "on"}
    )
    assert answer["Location"] == address(world, "collaborator")
    assert of(world, "collaborator").has_billing


def test_a_role_that_may_not_be_given_stays_chosen_with_its_reason(world: World) -> None:
    data = {"role": "legal_representative"}
    answer = world.client("administrator").post(address(world, "collaborator", "role"), data)
    assert answer.status_code == 422
    assert "Only a legal representative appoints another one." in answer.content.decode()
    assert of(world, "collaborator").role == Role.COLLABORATOR


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_makes_no_sense_is_refused_and_kept(world: World, until: str) -> None:
    answer = world.client("owner").post(address(world, "collaborator", "expiry"), {"until": until})
    assert answer.status_code == 422
    assert f'value="{until}"' in answer.content.decode()


def test_access_lasts_until_the_end_of_the_chosen_day(world: World) -> None:
    day = timezone.localdate() + timedelta(days=9)
    world.client("owner").post(address(world, "collaborator", "expiry"), {"until": str(day)})
    ends = of(world, "collaborator").expires_at
    assert ends
    assert timezone.localtime(ends).date() == day
    assert f'value="{day}"' in world.client("owner").get(address(world, "collaborator")).content.decode()
    world.client("owner").post(address(world, "collaborator", "expiry"), {"until": ""})
    assert of(world, "collaborator").expires_at is None


@pytest.mark.parametrize("person", ["owner", "administrator"])
@pytest.mark.parametrize("target", ["owner", "administrator", "collaborator", "suspended", "expired"])
@pytest.mark.parametrize("last", [True, False])
def test_a_control_is_open_exactly_when_its_post_succeeds(world: World, person: str, target: str, last: bool) -> None:
    if not last:
        with tenancy.scope(world.acme.pk):
            Membership.objects.filter(user=world.users["biller"]).update(role=Role.LEGAL_REPRESENTATIVE)
    verbs = ["remove", "view-as", "role", "restore" if of(world, target).suspended_at else "suspend"]
    for verb in verbs:
        where = address(world, target, verb)
        page = world.client(person).get(address(world, target)).content.decode()
        data = {"role": of(world, target).role}
        shown = f'action="{where}"' in page or f'href="{where}"' in page
        member = Membership(**{field.name: getattr(of(world, target), field.name) for field in Membership._meta.fields})
        done = world.client(person).post(where, data).status_code == 303
        assert shown == done, (verb, person, target)
        with tenancy.scope(world.acme.pk):
            if not Membership.objects.filter(pk=member.pk).update(suspended_at=member.suspended_at):
                member.save(force_insert=True)


def test_legal_representatives_are_touched_by_who_has_just_proved_who_they_are(world: World) -> None:
    client = world.client("owner")
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["biller"]).update(role=Role.LEGAL_REPRESENTATIVE)
    asks = {
        ("collaborator", "role"): {"role": "legal_representative"},
        ("biller", "role"): {"role": "collaborator"},
        ("biller", "suspend"): {},
        ("biller", "expiry"): {"until": str(timezone.localdate() + timedelta(days=9))},
        ("collaborator", "remove"): {},
    }
    sign_in(client, world.users["owner"], seconds_ago=86400)
    for (person, verb), data in asks.items():
        answer = client.post(address(world, person, verb), data)
        assert "/accounts/reauthenticate/" in answer["Location"], verb
    assert client.post(address(world, "collaborator", "suspend")).status_code == 303
    sign_in(client, world.users["owner"])
    for (person, verb), data in asks.items():
        assert client.post(address(world, person, verb), data).status_code == 303, verb


def test_the_question_before_removing_says_what_ends(world: World) -> None:
    page = world.client("owner").get(address(world, "teammate", "remove")).content.decode()
    assert "Hosting acme.ch: Technical" in page
    assert "The team Web" in page


def test_removing_reaches_every_open_tab_at_the_next_click(world: World) -> None:
    clients = [world.client("technician") for _session in range(3)]
    product = world.products["hosting"].get_absolute_url()
    for client in clients:
        assert client.get(product).status_code == 200
    world.client("owner").post(address(world, "technician", "suspend"))
    for client in clients:
        assert client.get(product).status_code == 403
        assert client.post(f"{product}label/", {"text": "x"}).status_code == 403
    world.client("owner").post(address(world, "technician", "restore"))
    for client in clients:
        assert client.get(product).status_code == 200
    world.client("owner").post(address(world, "technician", "remove"))
    for client in clients:
        assert client.get(product).status_code == 404
        assert client.get("/o/acme/").status_code == 404
        assert client.post(f"{product}label/", {"text": "x"}).status_code == 404


def test_leaving_shows_what_is_lost_and_goes_to_the_organizations(world: World) -> None:
    client = world.client("teammate")
    page = client.get("/o/acme/leave/").content.decode()
    assert "Hosting acme.ch: Technical" in page
    assert client.post("/o/acme/leave/")["Location"] == "/organizations/"
    assert client.get("/o/acme/").status_code == 404


def test_the_last_legal_representative_is_told_why_not(world: World) -> None:
    client = world.client("owner")
    assert 'action="/o/acme/leave/"' not in client.get("/o/acme/leave/").content.decode()
    answer = client.post("/o/acme/leave/")
    assert answer.status_code == 422
    assert "You are the last legal representative" in answer.content.decode()


def test_who_is_kept_out_until_they_have_a_second_factor_may_leave_and_sees_nothing_else(world: World) -> None:
    world.acme.second_factor_from = timezone.now()
    world.acme.save()
    client = world.client("technician")
    assert client.get("/o/acme/").status_code == 403
    page = client.get("/o/acme/leave/")
    assert page.status_code == 200
    assert 'class="sidebar"' not in page.text
    assert "acme.ch" not in page.text
    assert "Technical" not in page.text
    assert client.post("/o/acme/leave/").status_code == 303
    teammate = world.client("teammate").get("/o/acme/leave/").text
    assert not [told for told in ("acme.ch", "Technical", "Web") if told in teammate]


def test_preferences_are_saved(world: World) -> None:
    world.client("biller").post(address(world, "biller", "prefer"), {"wants_billing_mail": "on"})
    member = of(world, "biller")
    assert (member.wants_billing_mail, member.wants_product_mail) == (True, False)


def test_what_the_last_reminded_representative_cannot_switch_off_stays_on(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["owner"]).update(wants_billing_mail=True)
    page = world.client("owner").get("/o/acme/membership/").content.decode()
    assert '<input type="hidden" name="wants_billing_mail" value="on">' in page
    answer = world.client("owner").post(address(world, "owner", "prefer"), {"wants_product_mail": "on"})
    assert answer.status_code == 422
    assert "has to be told" in answer.content.decode()


def test_added_to_a_team_from_the_page(world: World) -> None:
    where, member = address(world, "collaborator"), of(world, "collaborator")
    data = {"action": "team", "member": member.pk, "team": world.team.pk, "next": where}
    assert world.client("owner").post("/o/acme/members/change/", data)["Location"] == where
    assert world.client("collaborator").get(world.products["hosting"].get_absolute_url()).status_code == 200


def test_the_log_tells_it_and_leads_to_the_member(world: World) -> None:
    client = world.client("owner")
    client.post(address(world, "collaborator", "role"), {"role": "collaborator", "has_billing": "on"})
    page = client.get("/o/acme/activity/").content.decode()
    assert "Billing: no → yes" in page
    assert f'href="{address(world, "collaborator")}"' in page
    where = address(world, "collaborator")
    client.post(f"{where}remove/")
    assert f'href="{where}"' not in client.get("/o/acme/activity/").content.decode()
