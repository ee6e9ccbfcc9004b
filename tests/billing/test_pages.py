"""What the pages of ordering and paying show, and to whom."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Mail
from billing.actions import payment as payments
from billing.actions.ledger import book
from billing.carts import SESSION_KEY
from billing.models import Invoice, Order
from billing.models.ledger import Account
from organizations import tenancy
from organizations.models import Membership, Organization
from organizations.roles import Role
from tests.billing.test_order import deliver, filled, placed
from tests.people import World

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def address(order: Order, name: str = "order_detail") -> str:
    return reverse(name, args=["acme", order.pk])


def shopping(world: World, person: str, *names: str) -> Any:
    """A browser with a filled cart."""
    client = world.client(person)
    session = client.session
    session[SESSION_KEY] = str(filled(world, *names).pk)
    session.save()
    return client


def test_an_order_links_only_the_products_one_may_open(world: World) -> None:
    order = placed(world)
    assert text_of(world.client("owner").get(address(order))).count('class="row-link"') == 3
    assert 'class="row-link"' not in text_of(world.client("biller").get(address(order)))


def test_cancelling_is_greyed_with_its_reason_for_who_may_only_pay(world: World) -> None:
    order = placed(world)
    cancel = address(order, "order_cancel")
    assert f'action="{cancel}"' in text_of(world.client("orderer").get(address(order)))
    page = text_of(world.client("biller").get(address(order)))
    assert f'action="{cancel}"' not in page
    assert "You need the right" in page
    assert address(order, "pay") in page
    assert 'name="right" value="order"' in page
    assert 'name="right" value="order"' not in text_of(world.client("orderer").get(address(order)))
    assert world.client("biller").post(cancel).status_code == 403


def test_credit_is_closed_with_the_way_to_ask_for_who_may_only_order(world: World) -> None:
    order = placed(world)
    book(world.acme, "gift", "Gift", order.currency, {Account.CASH: order.total, Account.CREDIT: -order.total})
    pay = address(order, "pay")
    page = text_of(world.client("orderer").get(pay))
    assert 'name="right" value="billing"' in page
    assert 'value="credit"' not in page
    # A form in a form is none: the way to ask stands outside.
    main = page[page.index('class="with-aside"') :]
    assert main.index("</form>") < main.index('name="right" value="billing"')
    assert 'name="right" value="billing"' not in text_of(world.client("biller").get(pay))
    answer = world.client("orderer").post("/o/acme/requests/new/", {"right": "billing", "next": pay})
    assert answer.status_code == 303
    assert "waiting for an answer" in text_of(world.client("orderer").get(pay))


def test_the_checkout_leads_to_where_one_can_ask_for_the_right_to_order(world: World) -> None:
    asking = "/o/acme/requests/?right=order#ask"
    assert asking in text_of(shopping(world, "viewer").get(reverse("checkout")))
    assert asking not in text_of(shopping(world, "orderer", "second.ch").get(reverse("checkout")))
    assert asking not in text_of(shopping(world, "suspended", "third.ch").get(reverse("checkout")))
    page = text_of(world.client("viewer").get("/o/acme/requests/?right=order"))
    assert '<option value="order" selected' in page


def test_an_order_follows_its_set_up_and_then_stops(world: World) -> None:
    order = placed(world)
    payments.pay(order, "approve", by=world.access("owner"))
    page = text_of(world.client("owner").get(address(order)))
    assert 'hx-trigger="every 2s"' in page
    assert "0 of 3 ready" in page
    world.access("owner")
    deliver(world)
    client = world.client("owner")
    fragment = text_of(client.get(address(order), headers={"HX-Request": "true", "HX-Target": "progress"}))
    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' not in fragment
    assert "3 of 3 ready" in fragment


def test_a_line_that_failed_shows_its_credit_note(world: World) -> None:
    order = placed(world, "refuse-new.ch", kinds=("domains",))
    payments.pay(order, "approve", by=world.access("owner"))
    deliver(world)
    note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
    page = text_of(world.client("owner").get(address(order)))
    assert "Credited" in page
    assert f"Credit note {note.number}" in page


def test_the_buyer_of_nothing_but_failures_is_not_told_that_it_is_ready(world: World) -> None:
    order = placed(world, "refuse-new.ch", kinds=("domains",))
    payments.pay(order, "approve", by=world.access("owner"))
    deliver(world)
    mails = {mail.key.partition(":")[0]: mail for mail in Mail.objects.filter(key__startswith="order-")}
    assert set(mails) == {"order-refund"}
    assert "refuse-new.ch" in mails["order-refund"].subject
    assert "&" not in mails["order-refund"].text


def test_the_checkout_keeps_the_organization_whose_page_led_here(world: World) -> None:
    client = shopping(world, "outsider")
    second = Organization.objects.create(name="A second one", slug="second", country="DE")
    with tenancy.scope(second.pk):
        Membership.objects.create(organization=second, user=world.users["outsider"], role=Role.ADMINISTRATOR)
    client.get(reverse("order") + "?organization=other")
    checkout = client.get(reverse("checkout"))
    assert checkout.context["organization"].slug == "other"
    client.get(reverse("order") + "?organization=acme")
    assert client.get(reverse("checkout")).context["organization"].slug == "second"


def test_the_summary_follows_the_choice_of_the_organization(world: World) -> None:
    client = shopping(world, "owner")
    wanted = {"HX-Request": "true", "HX-Target": "summary"}
    page = text_of(client.get(reverse("checkout") + "?organization=acme", headers=wanted))
    assert "<html" not in page
    assert "Place the order for CHF" in page
    assert "VAT 8.1" in page
    page = text_of(client.get(reverse("checkout") + "?organization=&country=AT", headers=wanted))
    assert "Place the order for €" in page
    assert "None on services outside Switzerland" in page
    assert "VAT 8.1" in text_of(client.get(reverse("checkout") + "?organization=&country=CH", headers=wanted))
    assert client.get(reverse("checkout") + "?organization=&country=%00").status_code == 400


def test_a_new_organization_begins_in_a_country_that_pays_in_the_currency_of_the_cart(world: World) -> None:
    client = shopping(world, "nobody")
    assert client.get(reverse("checkout")).context["form"]["country"].value() == "CH"
    client.post(reverse("cart"), {"currency": "EUR"})
    page = client.get(reverse("checkout"))
    assert page.context["form"]["country"].value() == "DE"
    assert page.context["currency"] == "EUR"


def test_organizations_where_one_may_not_order_are_greyed(world: World) -> None:
    for person, reason in (
        ("collaborator", "You need the right to order there."),
        ("suspended", "Your access to it is"),
    ):
        page = text_of(shopping(world, person).get(reverse("checkout")))
        assert 'value="acme"' not in page
        assert '<input type="radio" disabled>' in page
        assert reason in page
    assert "disabled" not in text_of(shopping(world, "owner").get(reverse("checkout")))


def test_a_refused_payment_keeps_the_page_and_says_why(world: World) -> None:
    order = placed(world)
    answer = world.client("owner").post(address(order, "pay"), {"method": "decline"})
    assert answer.status_code == 422
    assert "The card was declined." in text_of(answer)
    world.access("owner")
    order.refresh_from_db()
    assert order.state == "open"
