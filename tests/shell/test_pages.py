"""Home, the activity log, the terms and the staff's page: what each person reads there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.actions import payment as payments
from manager.shell import health
from organizations import tenancy
from organizations.events import record
from products.models import Job
from products.models.job import JobState, Verb
from tests.billing.test_order import placed
from tests.people import World

pytestmark = pytest.mark.django_db

WAITING = "Waiting for the bank's answer, usually under two minutes."


def test_a_payment_on_its_way_is_not_offered_again(world: World) -> None:
    order = placed(world)
    client = world.client("owner")
    assert f"/orders/{order.pk}/pay/" in client.get("/o/acme/").text
    payments.pay(order, "lose", by=world.access("owner"))
    pages = ["/o/acme/", "/o/acme/orders/", f"/o/acme/orders/{order.pk}/"]
    for address in pages:
        page = client.get(address).text
        assert WAITING in page, address
        assert "/pay/" not in page, address


def test_who_sees_some_products_reads_their_log_only(world: World) -> None:
    access = world.access("owner")
    for kind in ("hosting", "email"):
        record("product.suspend", world.products[kind], by=access, organization=world.acme)
    record("organization.edit", world.acme, by=access, organization=world.acme, name=["A", "B"])
    mine = world.client("viewer").get("/o/acme/activity/")
    assert [event.target_id for event in mine.context["listing"]] == [world.products["hosting"].pk]
    assert "127.0.0.1" not in mine.text
    all_of_it = world.client("owner").get("/o/acme/activity/")
    assert len(all_of_it.context["listing"]) == 3
    assert not world.client("collaborator").get("/o/acme/activity/").context["listing"]


def test_everybody_reaches_the_log_from_the_sidebar(world: World) -> None:
    for person in ("owner", "collaborator", "external"):
        assert 'href="/o/acme/activity/"' in world.client(person).get("/o/acme/").text


def test_work_under_way_moves_without_scripts(world: World) -> None:
    access = world.access("owner")
    refresh, hosting = '<noscript><meta http-equiv="refresh"', world.products["hosting"]
    pages = ["/o/acme/", f"/o/acme/hosting/{hosting.pk}/"]
    client = world.client("owner")
    assert [address for address in pages if refresh in client.get(address).text] == []
    world.access("owner")
    job = Job.objects.create(organization=world.acme, product=hosting, verb=Verb.APPLY, actor=access.user)
    assert [address for address in pages if refresh in client.get(address).text] == pages
    # While it waits for its provider, nobody's typing is interrupted: there is a link.
    world.access("owner")
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, run_after=timezone.now() + timedelta(hours=1))
    page = client.get(pages[1]).text
    assert refresh not in page
    assert "Reload" in page


def test_an_order_under_way_moves_without_scripts(world: World) -> None:
    order = placed(world)
    payments.pay(order, "approve", by=world.access("owner"))
    page = world.client("owner").get(f"/o/acme/orders/{order.pk}/").text
    assert f'content="5; url=/o/acme/orders/{order.pk}/"' in page


def test_the_checkout_links_the_terms(world: World) -> None:
    from tests.billing.test_pages import shopping

    assert '<a href="/terms/"' in shopping(world, "owner").get("/checkout/").text


def test_staff_reads_who_provides_and_how_it_fares(world: World) -> None:
    now = timezone.now()
    with tenancy.scope(world.acme.pk):
        for state in (JobState.SUCCEEDED, JobState.FAILED):
            Job.objects.create(
                organization=world.acme,
                product=world.products["hosting"],
                verb=Verb.APPLY,
                state=state,
                finished_at=now - timedelta(hours=2 if state == JobState.FAILED else 1),
            )
        Job.objects.create(
            organization=world.acme, product=world.products["hosting"], verb=Verb.SUSPEND, state=JobState.WAITING
        )
    rows = {row["kind"].slug: row for row in health.report()["providers"]}
    assert rows["hosting"]["succeeded_at"] > rows["hosting"]["failed_at"]
    assert rows["hosting"]["waiting"] == 1
    assert "succeeded_at" not in rows["email"]
    page = world.client("staff").get("/staff/health/").text
    assert "realm hosting" in page
    assert "Last success 1" in page


def test_a_real_provider_is_named_without_its_secrets(world: World, settings: object) -> None:
    settings.POWERDNS_URL = "http://user:secret@127.0.0.1:8081"  # type: ignore[attr-defined]
    page = world.client("staff").get("/staff/health/").text
    assert "PowerDNS at http://127.0.0.1:8081" in page
    assert "Real, in part" in page
    assert "secret" not in page
