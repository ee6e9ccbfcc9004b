"""Who lacks something asks for it; an administrator grants or declines it in one click, and the person is told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import tenancy
from organizations.access import Denied
from organizations.actions.member import remove
from organizations.models import Event, Membership
from organizations.roles import Right
from products import asking
from products.access import decide
from products.actions import request as actions
from products.actions.grant import give, set_level
from products.models import AccessRequest, Product, ProductUserGrant
from products.models.request import RequestState
from tests.people import MEMBERS, VIEWING, World

pytestmark = pytest.mark.django_db

HERE = "/o/acme/requests/"


def hosting(world: World, person: str) -> Product:
    """The hosting with this person's rights on it."""
    return Product.objects.with_rights(world.access(person)).get(pk=world.products["hosting"].pk)


def asks(world: World, person: str, right: str, *, on_hosting: bool = False, message: str = "") -> AccessRequest:
    product = hosting(world, person) if on_hosting else None
    return actions.ask(right, product, message, by=world.access(person))


def mails(key: str) -> list[str]:
    return sorted(Mail.objects.filter(key__startswith=key).values_list("to", flat=True))


def may(world: World, person: str, permission: str) -> bool:
    return bool(decide(world.access(person), permission, hosting(world, person)))


def held(world: World, person: str) -> dict[str, Any]:
    rows = ProductUserGrant.objects.filter(user=world.users[person], content_object=world.products["hosting"])
    return dict(rows.values_list("permission__codename", "expires_at"))


# Asking


def test_the_administrators_get_one_mail_each(world: World) -> None:
    asked = asks(world, "collaborator", Right.BILLING, message="For the invoices of May")
    deciders = ["administrator@example.com", "owner@example.com", f"{VIEWING}@example.com"]
    assert mails(f"request:{asked.pk}:") == deciders
    mail = Mail.objects.get(key=f"request:{asked.pk}:{world.users['owner'].pk}")
    assert mail.subject == "Collaborator Tester asks for “Billing” in Acme"
    assert "For the invoices of May" in mail.text
    assert HERE in mail.text


def test_asking_again_changes_nothing(world: World) -> None:
    first, second = (asks(world, "viewer", "configure", on_hosting=True) for _ in range(2))
    assert first == second
    assert Mail.objects.count() == 3
    assert Event.objects.filter(verb="request.ask").count() == 1


def test_asking_again_says_so(world: World) -> None:
    client = world.client("collaborator")
    for said in ("You asked for it. ", "You asked for it already. "):
        assert said in client.post(f"{HERE}new/", {"right": "billing"}, follow=True).text


def test_the_log_of_the_product_tells_it(world: World) -> None:
    asks(world, "viewer", "configure", on_hosting=True)
    page = world.client("viewer").get(f"/o/acme/hosting/{world.products['hosting'].pk}/activity/").text
    text = " ".join(re.sub("<[^>]+>", "", page).split())
    assert "Viewer Tester asked for the right “Change its settings” on acme.ch" in text


@pytest.mark.parametrize(
    ("person", "right", "on_hosting", "reason"),
    [
        ("biller", Right.BILLING, False, "have it already"),
        ("administrator", Right.EDIT, False, "have it already"),
        ("administrator", asking.PRODUCTS, False, "have it already"),
        ("technician", "configure", True, "have it already"),
        ("teammate", "configure", True, "have it already"),
        ("collaborator", Right.LEGAL, False, "not given on request"),
        ("administrator", Right.DELETE, False, "not given on request"),
        ("collaborator", Right.SEE, False, "not given on request"),
        ("collaborator", "configure", False, "not given on request"),
        ("viewer", "dns", True, "no such right"),
        ("viewer", Right.BILLING, True, "no such right"),
        ("suspended", Right.BILLING, False, "is suspended"),
        ("expired", Right.BILLING, False, "has ended"),
    ],
)
def test_refused(world: World, person: str, right: str, on_hosting: bool, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        asks(world, person, right, on_hosting=on_hosting)
    assert not AccessRequest.objects.exists()


def test_who_has_left_meanwhile_asks_for_nothing(world: World) -> None:
    access = world.access("collaborator")
    Membership.objects.filter(user=access.user).delete()
    with pytest.raises(Refused, match="no longer belong"):
        actions.ask(Right.BILLING, None, "", by=access)


def test_nobody_fills_the_mailboxes(world: World) -> None:
    rows = [
        AccessRequest(organization=world.acme, user=world.users["collaborator"], right=f"r{n}", state=state)
        for n, state in enumerate([RequestState.OPEN, RequestState.WITHDRAWN] * (actions.MOST // 2))
    ]
    access = world.access("collaborator")
    AccessRequest.objects.bulk_create(rows)
    with pytest.raises(Refused, match="20 things"):
        actions.ask(Right.BILLING, None, "", by=access)
    assert asks(world, "viewer", Right.BILLING)


# Granting


@pytest.mark.parametrize(("right", "flag"), [(Right.ORDER, "may_order"), (Right.BILLING, "has_billing")])
@pytest.mark.parametrize("person", ["collaborator", "external"])
def test_a_flag(world: World, person: str, right: Right, flag: str) -> None:
    asked = asks(world, person, right)
    actions.grant(asked, by=world.access("administrator"))
    member = world.access(person).membership
    assert (member.role, getattr(member, flag)) == ("collaborator", True)
    assert world.access(person).may(right)


def test_a_flag_leaves_the_other_one(world: World) -> None:
    actions.grant(asks(world, "orderer", Right.BILLING), by=world.access("owner"))
    member = world.access("orderer").membership
    assert (member.may_order, member.has_billing) == (True, True)


@pytest.mark.parametrize("right", sorted(asking.BY_ROLE))
def test_what_administrators_have_makes_an_administrator(world: World, right: Right) -> None:
    asked = asks(world, "biller", right)
    assert "become an administrator" in world.client("owner").get(HERE).text
    actions.grant(asked, by=world.access("owner"))
    assert world.access("biller").membership.role == "administrator"


def test_a_permission_joins_what_is_held(world: World) -> None:
    actions.grant(asks(world, "viewer", "configure", on_hosting=True), by=world.access("owner"))
    assert held(world, "viewer") == dict.fromkeys(["configure", "statistics", "view"])
    assert may(world, "viewer", "configure")
    assert not may(world, "viewer", "lifecycle")


def test_what_ends_goes_on_to_end_then(world: World) -> None:
    until = timezone.now() + timedelta(days=5)
    access = world.access("owner")
    give(world.users["viewer"], [world.products["hosting"]], ["view"], until=until, by=access)
    actions.grant(asks(world, "viewer", "configure", on_hosting=True), by=world.access("owner"))
    assert held(world, "viewer") == {"configure": until, "view": until}


@pytest.mark.parametrize("where", ["kind", "team", "both"])
def test_who_sees_it_until_a_day_gets_nothing_beyond(world: World, where: str) -> None:
    """The own grant that comes of it would outlive what it rests on."""
    access, hosting, until = world.access("owner"), world.products["hosting"], timezone.now() + timedelta(days=5)
    set_level(hosting, world.users["viewer"], None, by=access)
    later = until + timedelta(days=1)
    if where in ("kind", "both"):
        give(world.users["viewer"], [hosting.kind], ["view"], until=until, by=access)
    if where in ("team", "both"):
        give(world.team, [hosting], ["view"], until=later if where == "both" else until, by=access)
        world.users["viewer"].groups.add(world.team.group)
    asked = asks(world, "viewer", "configure", on_hosting=True)
    page = " ".join(world.client("owner").get(HERE).text.split())
    assert "It ends with what they have on the product" in page
    actions.grant(asked, by=world.access("owner"))
    end = later if where == "both" else until
    assert held(world, "viewer") == {"configure": end, "view": end}
    assert "It ends with what you have on the product" in Mail.objects.get(key=f"request:{asked.pk}:answer").text


@pytest.mark.parametrize("forever", ["kind", "team"])
def test_who_also_sees_it_without_an_end_gets_it_without_one(world: World, forever: str) -> None:
    access, hosting, until = world.access("owner"), world.products["hosting"], timezone.now() + timedelta(days=5)
    set_level(hosting, world.users["viewer"], None, by=access)
    give(world.users["viewer"], [hosting.kind], ["view"], until=until if forever == "team" else None, by=access)
    give(world.team, [hosting], ["view"], until=until if forever == "kind" else None, by=access)
    world.users["viewer"].groups.add(world.team.group)
    asked = asks(world, "viewer", "configure", on_hosting=True)
    assert "It ends with" not in world.client("owner").get(HERE).text
    actions.grant(asked, by=world.access("owner"))
    assert held(world, "viewer") == {"configure": None, "view": None}


def test_what_ends_on_other_products_ends_nothing_here(world: World) -> None:
    access, email, until = world.access("owner"), world.products["email"], timezone.now() + timedelta(days=5)
    give(world.users["viewer"], [email, email.kind], ["view"], until=until, by=access)
    actions.grant(asks(world, "viewer", "configure", on_hosting=True), by=world.access("owner"))
    assert set(held(world, "viewer").values()) == {None}


def test_what_comes_through_a_team_stays_there(world: World) -> None:
    actions.grant(asks(world, "teammate", "lifecycle", on_hosting=True), by=world.access("owner"))
    assert set(held(world, "teammate")) == {"lifecycle", "view"}
    assert may(world, "teammate", "configure")


def test_the_person_is_told_and_the_log_says_who_and_to_whom(world: World) -> None:
    asked = asks(world, "viewer", "configure", on_hosting=True)
    actions.grant(asked, by=world.access("administrator"))
    assert mails(f"request:{asked.pk}:answer") == ["viewer@example.com"]
    assert "Administrator Tester granted it" in Mail.objects.get(key=f"request:{asked.pk}:answer").text
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["request.ask", "request.grant", "grant.set"]
    assert Event.objects.get(verb="request.grant").details["person"] == "Viewer Tester"


def test_a_second_click_changes_nothing(world: World) -> None:
    asked = asks(world, "collaborator", Right.BILLING)
    for person in ("owner", "administrator"):
        actions.grant(asked, by=world.access(person))
    asked.refresh_from_db()
    assert asked.decided_by == world.users["owner"]
    assert Event.objects.filter(verb="request.grant").count() == 1
    assert Mail.objects.filter(key=f"request:{asked.pk}:answer").count() == 1


@pytest.mark.parametrize("person", [name for name in MEMBERS if name not in ("owner", "administrator")])
def test_who_may_not_decide(world: World, person: str) -> None:
    asked = asks(world, "collaborator", Right.BILLING)
    with pytest.raises(Denied):
        actions.grant(asked, by=world.access(person))
    with pytest.raises(Denied):
        actions.decline(asked, "", by=world.access(person))
    asked.refresh_from_db()
    assert asked.state == RequestState.OPEN


def test_nobody_decides_on_their_own(world: World) -> None:
    asked = asks(world, "collaborator", Right.BILLING)
    Membership.objects.filter(user=world.users["collaborator"]).update(role="administrator")
    for act in (actions.grant, lambda asked, by: actions.decline(asked, "", by=by)):
        with pytest.raises(Refused, match="their own"):
            act(asked, by=world.access("collaborator"))
    tenancy.leave()
    page = world.client("collaborator").get(HERE).text
    assert f"{HERE}{asked.pk}/grant/" not in page
    assert "Somebody else decides on yours." in page


def test_whose_rights_ended_a_moment_ago_decides_nothing(world: World) -> None:
    asked, access = asks(world, "collaborator", Right.BILLING), world.access("administrator")
    Membership.objects.filter(user=access.user).update(role="collaborator")
    with pytest.raises(Denied):
        actions.grant(asked, by=access)


def test_what_has_become_pointless_is_closed_with_the_reason(world: World) -> None:
    left = asks(world, "external", Right.BILLING)
    given = asks(world, "collaborator", Right.BILLING)
    gone = asks(world, "viewer", "configure", on_hosting=True)
    Membership.objects.filter(user=world.users["external"]).update(suspended_at=timezone.now())
    Membership.objects.filter(user=world.users["collaborator"]).update(has_billing=True)
    Product.objects.filter(pk=world.products["hosting"].pk).update(state="cancelled")
    for asked, state, reason in (
        (left, "declined", "No access"),
        (given, "granted", "Given meanwhile"),
        (gone, "declined", "Nothing is left"),
    ):
        actions.grant(asked, by=world.access("owner"))
        asked.refresh_from_db()
        assert asked.state == state
        assert reason in asked.reply
    assert set(held(world, "viewer")) == {"view", "statistics"}
    assert Event.objects.filter(verb="request.void").count() == 3
    assert mails("request:").count("external@example.com") == 0


def test_what_was_taken_away_does_not_come_back_with_an_old_request(world: World) -> None:
    asked = asks(world, "viewer", "configure", on_hosting=True)
    set_level(world.products["hosting"], world.users["viewer"], None, by=world.access("owner"))
    actions.grant(asked, by=world.access("owner"))
    asked.refresh_from_db()
    assert asked.state == RequestState.DECLINED
    assert not held(world, "viewer")


def test_whoever_leaves_asks_no_more(world: World) -> None:
    asked = asks(world, "viewer", "configure", on_hosting=True)
    access = world.access("owner")
    remove(Membership.objects.get(user=world.users["viewer"]), by=access)
    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN
    assert "Viewer Tester asks" not in world.client("owner").get("/o/acme/").text


def test_rights_on_products_in_general_lead_to_the_page_of_their_rights(world: World) -> None:
    asked = asks(world, "collaborator", asking.PRODUCTS, message="The shop, to fix the form")
    tenancy.leave()
    answer = world.client("owner").post(f"{HERE}{asked.pk}/grant/")
    assert answer.status_code == 303
    assert answer["Location"].startswith("/o/acme/members/")
    world.access("owner")
    assert Mail.objects.get(key=f"request:{asked.pk}:answer").text.count("chooses the products") == 1


# Declining and withdrawing


def test_declined_with_an_answer(world: World) -> None:
    asked = asks(world, "collaborator", Right.BILLING)
    for _ in range(2):
        actions.decline(asked, "Ask Ada for the invoices.", by=world.access("owner"))
    assert not world.access("collaborator").may(Right.BILLING)
    assert "Ask Ada for the invoices." in Mail.objects.get(key=f"request:{asked.pk}:answer").text
    assert Event.objects.filter(verb="request.decline").count() == 1
    with pytest.raises(Refused, match="Owner Tester has answered"):
        actions.grant(asked, by=world.access("administrator"))


def test_after_a_no_one_may_ask_again(world: World) -> None:
    first = asks(world, "collaborator", Right.BILLING)
    actions.decline(first, "", by=world.access("owner"))
    assert asks(world, "collaborator", Right.BILLING) != first


def test_withdrawn_by_who_asked_only(world: World) -> None:
    asked = asks(world, "collaborator", Right.BILLING)
    with pytest.raises(Refused, match="Only the person"):
        actions.withdraw(asked, by=world.access("owner"))
    for _ in range(2):
        actions.withdraw(asked, by=world.access("collaborator"))
    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN
    assert Event.objects.filter(verb="request.withdraw").count() == 1
    with pytest.raises(Refused, match="has withdrawn"):
        actions.grant(asked, by=world.access("owner"))


# On the pages


def test_from_asking_to_having_it(world: World) -> None:
    collaborator, owner = world.client("collaborator"), world.client("owner")
    closed = collaborator.get("/o/acme/invoices/")
    assert closed.status_code == 403
    assert "Owner Tester" in closed.text
    data = {"right": "billing", "message": "For May", "next": "/o/acme/invoices/"}
    assert collaborator.post(f"{HERE}new/", data)["Location"] == "/o/acme/invoices/"
    waiting = collaborator.get("/o/acme/invoices/").text
    assert "waiting for an answer" in waiting
    assert f'action="{HERE}new/"' in waiting  # for the rest of what is closed
    assert 'name="right" value="billing"' not in waiting
    home = owner.get("/o/acme/").text
    assert "Collaborator Tester asks for “Billing”" in home
    assert re.search(r"Requests</span><span[^>]*>1<", home)
    number = re.search(rf"{HERE}(\d+)/grant/", owner.get(HERE).text)
    assert number
    assert owner.post(number.group(0)).status_code == 303
    assert collaborator.get("/o/acme/invoices/").status_code == 200
    told = collaborator.get("/o/acme/").text
    assert "Owner Tester granted you “Billing”" in told
    assert "asks for “Billing”" not in owner.get("/o/acme/").text


def test_an_old_answer_is_no_news(world: World) -> None:
    actions.decline(asks(world, "collaborator", Right.BILLING), "", by=world.access("owner"))
    AccessRequest.objects.update(decided_at=timezone.now() - timedelta(days=4))
    assert "declined “Billing”" not in world.client("collaborator").get("/o/acme/").text


def test_members_see_their_own_only(world: World) -> None:
    asks(world, "collaborator", Right.BILLING, message="Mine alone")
    tenancy.leave()
    assert "Mine alone" in world.client("collaborator").get(HERE).text
    for person in ("viewer", "biller", "external"):
        page = world.client(person).get(HERE).text
        assert "Mine alone" not in page
        assert "asks for" not in world.client(person).get("/o/acme/").text
    assert "Mine alone" in world.client("administrator").get(HERE).text


def test_of_a_product_one_may_not_see_nothing_is_said(world: World) -> None:
    client = world.client("viewer")
    for product in (world.products["email"].pk, world.foreign["hosting"].pk, 999_999):
        assert client.post(f"{HERE}new/", {"right": "configure", "product": product}).status_code == 404
    world.access("owner")
    assert not AccessRequest.objects.exists()


def test_what_was_typed_stays(world: World) -> None:
    answer = world.client("collaborator").post(f"{HERE}new/", {"right": "order", "message": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    asked = asks(world, "collaborator", Right.BILLING)
    tenancy.leave()
    answer = world.client("owner").post(f"{HERE}{asked.pk}/decline/", {"reply": "y" * 501})
    assert answer.status_code == 422
    assert "y" * 501 in answer.text
    assert "data-open-on-load" in answer.text


def test_nobody_is_led_to_another_site(world: World) -> None:
    answer = world.client("collaborator").post(f"{HERE}new/", {"right": "order", "next": "https://example.com/"})
    assert answer["Location"] == "/"


def test_whoever_looks_as_somebody_else_asks_for_nothing(world: World) -> None:
    client = world.client(VIEWING)
    page = client.get(f"/o/acme/hosting/{world.products['hosting'].pk}/").text
    assert "Request access" not in page
    assert client.post(f"{HERE}new/", {"right": "billing"}).status_code == 403
    world.access("owner")
    assert not AccessRequest.objects.exists()


# What is greyed


ASKING = re.compile(r'action="/o/acme/requests/new/">(.*?)</form>', re.DOTALL)
PAGES = ("/o/acme/", "/o/acme/hosting/", "/o/acme/invoices/", "/o/acme/settings/", HERE)


@pytest.mark.parametrize("person", ["collaborator", "viewer", "technician", "biller", "orderer", "external"])
def test_every_greyed_control_offers_what_can_be_had(world: World, person: str) -> None:
    """Posting what stands in each form makes one request, and the page says so from then on."""
    client = world.client(person)
    product = f"/o/acme/hosting/{world.products['hosting'].pk}/"
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    for address in (*PAGES, product, f"{product}activity/"):
        answer = client.get(address)
        for form in ASKING.findall(answer.text):
            data = dict(re.findall(r'<input type="hidden" name="(right|product|next)" value="([^"]*)"', form))
            if data.get("right"):
                wanted.setdefault((data["right"], data.get("product", "")), data)
    assert ("edit", "") in wanted
    assert (("billing", "") in wanted) == (person != "biller")
    for number, data in enumerate(wanted.values(), 1):
        answer = client.post(f"{HERE}new/", data)
        assert (answer.status_code, answer["Location"]) == (303, data["next"])
        world.access("owner")
        assert AccessRequest.objects.count() == number
    for address in {data["next"] for data in wanted.values()}:
        rest = {
            (found["right"], found.get("product", ""))
            for form in ASKING.findall(client.get(address).text)
            if (found := dict(re.findall(r'<input type="hidden" name="(right|product)" value="([^"]*)"', form)))
        }
        assert not {pair for pair in rest if pair[0]} & wanted.keys()


@pytest.mark.parametrize("person", ["viewer", "external"])
def test_the_menus_of_a_product_say_why_and_offer_it(world: World, person: str) -> None:
    product = world.products["hosting"]
    page = world.client(person).get(product.get_absolute_url()).text
    for permission in ("configure", "lifecycle"):
        assert f'name="right" value="{permission}"><input type="hidden" name="product" value="{product.pk}"' in page
    assert "You need the right “Change its settings” on acme.ch. An administrator can give it to you." in page


def test_who_is_kept_out_is_told_who_opens_it_and_asks_for_nothing(world: World) -> None:
    page = world.client("suspended").get("/o/acme/").text
    assert "These people can open it again:" in page
    assert "Owner Tester" in page
    assert "Suspended Tester</span></li>" not in page
    assert '<a class="button button-primary" href="/organizations/">' in page
    assert "Request access" not in page


def test_a_missing_second_factor_leads_to_one(world: World) -> None:
    world.access("owner")
    world.acme.second_factor_from = timezone.now()
    world.acme.save()
    tenancy.leave()
    answer = world.client("viewer").get("/o/acme/")
    assert answer.status_code == 403
    assert "Turn on a second factor" in answer.text
    assert "Request access" not in answer.text
    assert "Owner Tester" not in answer.text


def test_what_the_state_forbids_is_not_asked_for(world: World) -> None:
    world.access("owner")
    product = world.products["hosting"]
    product.state = "ordered"
    product.save()
    tenancy.leave()
    page = world.client("viewer").get(product.get_absolute_url()).text
    assert 'name="right" value="lifecycle"' not in page
