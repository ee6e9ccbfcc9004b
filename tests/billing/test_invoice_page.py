"""One invoice as it is read: from its frozen document, for those who may see the accounting."""

from typing import Any

import pytest
from django.urls import reverse

from billing import paper
from billing.actions import payment as payments
from billing.models import Invoice
from tests.billing.test_order import deliver, placed
from tests.people import World

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def invoiced(world: World, name: str = "new.ch") -> Invoice:
    payments.pay(placed(world, name), "approve", by=world.access("owner"))
    return Invoice.objects.get()


def address(invoice: Invoice) -> str:
    return reverse("invoice", args=["acme", invoice.number])


def test_it_shows_buyer_lines_and_sums(world: World) -> None:
    invoice = invoiced(world)
    page = text_of(world.client("owner").get(address(invoice)))
    for part in (invoice.number, "Acme", "Domain", "new.ch", "8.1 %", "CHF 30.00", "CHF 2.43", "CHF 32.43"):
        assert part in page, part


def test_it_stays_as_it_was(world: World, settings: Any) -> None:
    invoice = invoiced(world)
    client = world.client("owner")
    world.access("owner")
    world.acme.name = "Renamed"
    world.acme.save()
    world.plans["hosting"].name = "Dearer"
    world.plans["hosting"].save()
    settings.SELLER = ["Another company"]
    page = text_of(client.get(address(invoice)))
    paper_of = page[page.index("<article") : page.index("</article>")]
    assert "Acme<br>" in paper_of
    assert "Basic" in paper_of
    for gone in ("Renamed", "Dearer", "Another company"):
        assert gone not in paper_of


def test_the_tax_is_summed_by_rate() -> None:
    lines = [
        {"net": net, "tax": tax, "total": net + tax, "tax_rate": rate}
        for net, tax, rate in ((1000, 81, 81), (2000, 162, 81), (500, 13, 26), (700, 0, 0))
    ]
    rows = paper.taxes(Invoice(document={"lines": lines}))
    assert [(row.rate, row.net, row.tax) for row in rows] == [(81, 3000, 243), (26, 500, 13), (0, 700, 0)]
    back = paper.taxes(Invoice(document={"lines": lines}, kind=Invoice.Kind.CREDIT_NOTE))
    assert [(row.net, row.tax) for row in back] == [(-3000, -243), (-500, -13), (-700, 0)]


def test_a_credit_note_takes_back_and_names_what_it_corrects(world: World) -> None:
    invoice = invoiced(world, "refuse-me.ch")
    deliver(world)
    note = Invoice.objects.filter(corrects=invoice).first()
    assert note
    client = world.client("biller")
    page = text_of(client.get(address(note)))
    assert f"Credit note {note.number}" in page
    assert f'href="{address(invoice)}"' in page
    assert "\u2212CHF 10.00" in page
    assert "\u2212CHF 10.81" in page
    assert f'href="{address(note)}"' in text_of(client.get(address(invoice)))


@pytest.mark.parametrize("person", ["orderer", "collaborator", "viewer"])
def test_members_without_the_right_learn_who_can_give_it(world: World, person: str) -> None:
    answer = world.client(person).get(address(invoiced(world)))
    assert answer.status_code == 403
    assert "new.ch" not in text_of(answer)


def test_another_organization_has_no_such_invoice(world: World) -> None:
    invoice = invoiced(world)
    assert world.client("outsider").get(address(invoice)).status_code == 404
    assert world.client("outsider").get(reverse("invoice", args=["other", invoice.number])).status_code == 404


def test_the_list_and_the_order_lead_to_it(world: World) -> None:
    invoice = invoiced(world)
    client = world.client("owner")
    for page in (reverse("invoices", args=["acme"]), reverse("order_detail", args=["acme", invoice.order_id])):
        assert f'href="{address(invoice)}"' in text_of(client.get(page)), page
