"""View as member: reads what the member reads, changes nothing, is logged, and ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from organizations import tenancy
from organizations.gate import VIEW_AS
from organizations.models import Event, Membership
from organizations.roles import Role
from tests.people import World

pytestmark = pytest.mark.django_db
BANNER = "Nothing can be changed."


def of(world: World, person: str) -> Membership:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.get(organization=world.acme, user=world.users[person])


def update(world: World, person: str, **fields: Any) -> None:
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(organization=world.acme, user=world.users[person]).update(**fields)


def begin(world: World, target: str, person: str = "administrator") -> tuple[Client, Any]:
    client = world.client(person)
    return client, client.post(f"/o/acme/members/{of(world, target).pk}/view-as/")


def logged(world: World) -> list[tuple[str, str, str]]:
    with tenancy.scope(world.acme.pk):
        rows = Event.objects.filter(verb__startswith="member.view_as").order_by("pk")
        return [(event.verb, event.actor_name, event.target_name) for event in rows]


def stop(client: Client) -> Any:
    return client.post("/view-as/stop/", {"organization": "acme"})


def pages(world: World) -> list[str]:
    own = [product.get_absolute_url() for product in world.products.values()]
    lists = [f"/o/acme/{kind}/" for kind in world.products]
    return ["/o/acme/", *own, *lists, "/o/acme/members/", "/o/acme/invoices/", "/o/acme/orders/", "/o/acme/settings/"]


@pytest.mark.parametrize("target", ["external", "technician", "biller", "orderer", "teammate"])
def test_every_page_answers_as_it_answers_the_member(world: World, target: str) -> None:
    client, answer = begin(world, target)
    assert answer["Location"] == "/o/acme/"
    member = world.client(target)
    for where in pages(world):
        seen, own = client.get(where), member.get(where)
        assert seen.status_code == own.status_code, where
        if where.endswith(("hosting/", "domains/", "email/")) and seen.context.get("rows") is not None:
            assert list(seen.context["rows"]) == list(own.context["rows"])


def test_a_banner_says_so_on_every_page_of_the_organization_and_on_no_other(world: World) -> None:
    client, _answer = begin(world, "technician")
    for where in ("/o/acme/", "/o/acme/hosting/", "/o/acme/members/", "/o/acme/domains/999/"):
        page = client.get(where).content.decode()
        assert "You see Acme as Technician Tester." in page, where
    for where in ("/profile/", "/organizations/"):
        assert BANNER not in client.get(where).content.decode()
    assert "administrator@example.com" in client.get("/profile/").content.decode()


def test_everything_that_is_sent_is_refused_with_the_way_out(world: World) -> None:
    client, _answer = begin(world, "technician")
    hosting = world.products["hosting"].get_absolute_url()
    for where in (f"{hosting}label/", f"{hosting}suspend/", "/o/acme/settings/", "/o/acme/leave/"):
        answer = client.post(where, {"text": "x"})
        assert answer.status_code == 403, where
    page = answer.content.decode()
    assert 'action="/view-as/stop/"' in page
    assert 'name="organization" value="acme"' in page
    member = of(world, "technician")
    assert client.post(f"/o/acme/members/{member.pk}/prefer/", {"wants_billing_mail": "on"}).status_code == 403
    assert of(world, "technician").wants_billing_mail is False


def test_pages_are_marked_for_the_script_that_closes_their_buttons(world: World) -> None:
    client, _answer = begin(world, "technician")
    for where in ("/o/acme/", "/o/acme/members/"):
        page = client.get(where).text
        main = page[page.index("<main") :]
        assert 'data-viewing="Technician Tester"' in main[: main.index(">")]
        # Outside the page's column, where it stays in sight, also around a refusal.
        assert main.index('id="viewing"') < main.index('class="page ')
        assert "You are viewing as Technician Tester; nothing can be changed." in main
    assert "data-viewing" not in world.client("technician").get("/o/acme/").text


def test_home_greets_the_member_that_one_looks_as(world: World) -> None:
    client, _answer = begin(world, "technician")
    page = client.get("/o/acme/").text
    heading = page[page.index("<h1>") : page.index("</h1>")]
    assert "Administrator" not in heading
    assert "Technician" in heading


def test_other_organizations_and_other_browsers_are_as_before(world: World) -> None:
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["administrator"], role=Role.ADMINISTRATOR)
    client, _answer = begin(world, "external")
    assert client.get("/o/other/members/").status_code == 200
    assert client.post(world.foreign["hosting"].get_absolute_url() + "label/", {"text": "x"}).status_code == 303
    assert world.client("administrator").get("/o/acme/members/").status_code == 200


def test_it_is_logged_and_stopped(world: World) -> None:
    client, _answer = begin(world, "technician")
    assert client.get("/o/acme/members/").status_code == 403
    assert stop(client)["Location"] == "/o/acme/"
    assert client.get("/o/acme/members/").status_code == 200
    assert stop(client).status_code == 303  # again: nothing more to stop
    names = ("Administrator Tester", "Technician Tester")
    assert logged(world) == [("member.view_as", *names), ("member.view_as_stop", *names)]


@pytest.mark.parametrize(
    ("person", "target", "reason"),
    [
        ("administrator", "administrator", "This is you"),
        ("administrator", "owner", "rights that you lack"),
        ("owner", "suspended", "Nothing is open"),
        ("owner", "expired", "Nothing is open"),
    ],
)
def test_refused(world: World, person: str, target: str, reason: str) -> None:
    client, answer = begin(world, target, person)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert BANNER not in client.get("/o/acme/").content.decode()
    assert not logged(world)


def test_it_ends_after_half_an_hour(world: World) -> None:
    client, _answer = begin(world, "technician")
    session = client.session
    for minutes, status in ((29, 403), (31, 200)):
        ago = (timezone.now() - timedelta(minutes=minutes)).isoformat()
        session[VIEW_AS] = {str(world.acme.pk): [of(world, "technician").pk, ago]}
        session.save()
        assert client.get("/o/acme/members/").status_code == status


def test_it_ends_with_the_right_to_manage_members(world: World) -> None:
    client, _answer = begin(world, "biller")
    update(world, "administrator", role=Role.EXTERNAL)
    assert client.get("/o/acme/invoices/").status_code == 403
    assert BANNER not in client.get("/o/acme/").content.decode()
    update(world, "administrator", suspended_at=timezone.now())
    assert client.get("/o/acme/").status_code == 403


def test_it_ends_when_the_member_is_removed(world: World) -> None:
    client, _answer = begin(world, "technician")
    world.client("owner").post(f"/o/acme/members/{of(world, 'technician').pk}/remove/")
    page = client.get("/o/acme/members/")
    assert page.status_code == 200
    assert BANNER not in page.content.decode()
    assert stop(client).status_code == 303


def test_it_ends_when_the_member_gets_rights_that_the_viewer_lacks(world: World) -> None:
    client, _answer = begin(world, "technician")
    update(world, "technician", role=Role.LEGAL_REPRESENTATIVE)
    assert BANNER not in client.get("/o/acme/").content.decode()


def test_what_the_member_loses_meanwhile_is_closed_at_once(world: World) -> None:
    client, _answer = begin(world, "technician")
    where = world.products["hosting"].get_absolute_url()
    assert client.get(where).status_code == 200
    update(world, "technician", suspended_at=timezone.now())
    answer = client.get(where)
    assert answer.status_code == 403
    assert BANNER in answer.content.decode()


def test_stopping_says_nothing_of_organizations_that_are_not_ones_own(world: World) -> None:
    client = world.client("outsider")
    for slug in ("acme", "no-such", ""):
        assert client.post("/view-as/stop/", {"organization": slug})["Location"] == "/organizations/"
    assert not logged(world)


def age(client: Any, world: World) -> None:
    """The half hour is over."""
    session = client.session
    ago = (timezone.now() - timedelta(minutes=31)).isoformat()
    session[VIEW_AS] = {str(world.acme.pk): [of(world, "technician").pk, ago]}
    session.save()


def remove(client: Any, world: World) -> None:
    with tenancy.scope(world.acme.pk):
        of(world, "technician").delete()


ENDED = "Viewing has ended"


@pytest.mark.parametrize("end", [age, remove])
def test_what_is_sent_from_a_page_of_before_is_refused_once(world: World, end: Any) -> None:
    client, _answer = begin(world, "technician")
    end(client, world)
    label = world.products["hosting"].get_absolute_url() + "label/"
    answer = client.post(label, {"text": "meant as the technician"})
    assert answer.status_code == 403
    assert "Viewing has ended; nothing was changed." in answer.text
    with tenancy.scope(world.acme.pk):
        world.products["hosting"].refresh_from_db()
    assert not world.products["hosting"].label
    # Now they know.
    assert client.post(label, {"text": "as themselves"}).status_code == 303
    assert client.get("/o/acme/members/").status_code == 200


@pytest.mark.parametrize("end", [age, remove])
def test_the_next_page_says_that_it_has_ended(world: World, end: Any) -> None:
    client, _answer = begin(world, "technician")
    end(client, world)
    page = client.get("/o/acme/members/")
    assert (page.status_code, ENDED in page.text, BANNER in page.text) == (200, True, False)
    assert ENDED not in client.get("/o/acme/members/").text
    assert client.post(world.products["hosting"].get_absolute_url() + "label/", {"text": "x"}).status_code == 303


def test_what_an_old_page_asks_for_by_itself_does_not_pass_for_the_next_page(world: World) -> None:
    client, _answer = begin(world, "technician")
    age(client, world)
    assert client.get("/o/acme/", headers={"HX-Request": "true"}).status_code == 200
    label = world.products["hosting"].get_absolute_url() + "label/"
    assert client.post(label, {"text": "x"}, headers={"HX-Request": "true"}).status_code == 403
    assert client.post(label, {"text": "x"}).status_code == 303


def test_it_ends_for_one_organization_and_goes_on_in_another(world: World) -> None:
    client, _answer = begin(world, "technician")
    age(client, world)
    session = client.session
    session[VIEW_AS] = {**session[VIEW_AS], "999": [1, timezone.now().isoformat()]}
    session.save()
    client.get("/o/acme/")
    assert list(client.session[VIEW_AS]) == ["999"]
