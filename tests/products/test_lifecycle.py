"""Suspend, resume, cancel, label, retry: success, repeat, refusals, and what the log says."""

import pytest

from manager.web.refused import Refused
from organizations.models import Event
from products import jobs
from products.actions import job as job_actions
from products.actions import product as actions
from products.models import Job
from products.models.job import JobState, Verb
from products.models.product import State
from tests.people import World

pytestmark = pytest.mark.django_db


def post(world: World, person: str, verb: str, kind: str = "hosting", **data: str) -> int:
    product = world.products[kind]
    return world.client(person).post(f"/o/acme/{kind}/{product.pk}/{verb}/", data).status_code


@pytest.mark.parametrize(
    ("verb", "before", "after"), [("suspend", "active", "suspended"), ("resume", "suspended", "active")]
)
def test_change(world: World, verb: str, before: str, after: str) -> None:
    world.access("owner")
    product = world.products["hosting"]
    product.state = before
    product.save()
    assert post(world, "owner", verb) == 303
    assert post(world, "owner", verb) == 303  # a second click changes nothing more
    world.access("owner")
    product.refresh_from_db()
    assert product.state == after
    assert Job.objects.filter(product=product, verb=verb).count() == 1
    event = Event.objects.get(verb=f"product.{verb}")
    assert (event.actor, event.target_id, event.address) == (world.users["owner"], product.pk, "127.0.0.1")


def test_cancel_frees_the_name(world: World) -> None:
    assert post(world, "owner", "cancel") == 303
    assert post(world, "owner", "cancel") == 303
    access = world.access("owner")
    (job,) = Job.objects.filter(verb=Verb.CANCEL)
    jobs.run(job.pk)
    world.access("owner")
    product = world.products["hosting"]
    product.refresh_from_db()
    assert product.state == State.CANCELLED
    again = actions.reserve(access.organization, world.plans["hosting"], "acme.ch", period=12, options={}, by=access)
    assert again.pk != product.pk


def test_what_cannot_be_suspended_says_why(world: World) -> None:
    access = world.access("owner")
    product = world.products["hosting"]
    product.state = State.PENDING
    product.save()
    with pytest.raises(Refused, match="not possible now"):
        actions.suspend(product, by=access)
    assert post(world, "owner", "suspend") == 422


@pytest.mark.parametrize(
    ("person", "status"), [("technician", 403), ("viewer", 403), ("collaborator", 404), ("outsider", 404)]
)
def test_only_who_has_the_right(world: World, person: str, status: int) -> None:
    assert post(world, person, "suspend") == status
    world.access("owner")
    world.products["hosting"].refresh_from_db()
    assert world.products["hosting"].state == State.ACTIVE


def test_label(world: World) -> None:
    assert post(world, "technician", "label", text="Ours") == 303
    assert post(world, "viewer", "label", text="Mine") == 403
    assert post(world, "technician", "label", text="x" * 81) == 422
    assert post(world, "technician", "label", text="a\0b") == 422
    world.access("owner")
    world.products["hosting"].refresh_from_db()
    assert world.products["hosting"].label == "Ours"
    assert Event.objects.get(verb="product.label").details == {"label": ["", "Ours"]}


def test_retry(world: World) -> None:
    access = world.access("owner")
    product = world.products["hosting"]
    job = Job.objects.create(
        organization=world.acme, product=product, verb=Verb.APPLY, state=JobState.FAILED, error="No.", attempt=3
    )
    job_actions.retry(product, job.pk, by=access)
    job_actions.retry(product, job.pk, by=access)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.QUEUED, "")
    assert Event.objects.filter(verb="job.retry").count() == 1


def test_a_set_up_that_failed_is_refunded_and_not_retried(world: World) -> None:
    access = world.access("owner")
    product = world.products["hosting"]
    job = Job.objects.create(organization=world.acme, product=product, verb=Verb.PROVISION, state=JobState.FAILED)
    with pytest.raises(Refused, match="refunded"):
        job_actions.retry(product, job.pk, by=access)


def test_the_job_of_another_product_is_not_retried(world: World) -> None:
    access = world.access("owner")
    other = Job.objects.create(
        organization=world.acme, product=world.products["email"], verb=Verb.APPLY, state=JobState.FAILED
    )
    assert job_actions.retry(world.products["hosting"], other.pk, by=access) is None
    other.refresh_from_db()
    assert other.state == JobState.FAILED


def test_retrying_needs_the_right_to_do_it(world: World) -> None:
    """A technician may not cancel, and so may not have a failed cancellation done again."""
    world.access("owner")
    product = world.products["hosting"]
    job = Job.objects.create(organization=world.acme, product=product, verb=Verb.CANCEL, state=JobState.FAILED)
    address = f"/o/acme/hosting/{product.pk}/jobs/{job.pk}/retry/"
    assert world.client("technician").post(address).status_code == 403
    assert world.client("owner").post(address).status_code == 303


def test_what_was_made_good_since_is_not_retried(world: World) -> None:
    access = world.access("owner")
    product = world.products["hosting"]
    old = Job.objects.create(organization=world.acme, product=product, verb=Verb.APPLY, state=JobState.FAILED)
    Job.objects.create(organization=world.acme, product=product, verb=Verb.APPLY, state=JobState.SUCCEEDED)
    with pytest.raises(Refused, match="newer"):
        job_actions.retry(product, old.pk, by=access)
