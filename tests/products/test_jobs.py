"""The life of a job: one worker, steps, repeats, the last wish, and what is left when somebody dies."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from organizations import tenancy
from organizations.models import Event
from products import jobs
from products.actions import product as actions
from products.drivers import Conflict, Outcome, Permanent, Retryable
from products.models import Job, Product
from products.models.job import JobState, Verb
from products.models.product import State
from products.tasks import sweep_jobs
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db


class Script:
    """A driver that does what the test wrote down: names are steps, exceptions are raised."""

    sandboxes = ()

    def __init__(self, *plan: Any) -> None:
        self.plan = plan
        self.specs: list[Any] = []

    def ensure(self, spec: Any) -> Iterator[str]:
        self.specs.append(spec)
        for part in self.plan:
            if isinstance(part, BaseException):
                raise part
            if callable(part):
                part()
                continue
            yield part
        return Outcome(ref="there", provider="script", facts={"tries": len(self.specs)})

    absent = ensure

    def observe(self, spec: Any) -> Outcome | None:
        return None


@pytest.fixture
def product(world: World) -> Product:
    with tenancy.scope(world.acme.pk):
        return people.product(world.acme, world.plans["domains"], "new.ch", State.ORDERED)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(*plan: Any) -> Script:
        script = Script(*plan)
        monkeypatch.setattr("products.kinds.Kind.driver", lambda kind: script)
        return script

    return install


def provision(world: World, product: Product) -> Job:
    with tenancy.scope(world.acme.pk):
        job = actions.provision(product, by=None)
        assert job is not None
        return job


def fresh(world: World, job: Job) -> Job:
    with tenancy.scope(world.acme.pk):
        return Job.objects.select_related("product").get(pk=job.pk)


def test_a_job_runs_its_steps_and_makes_the_product_active(world: World, product: Product, play: Any) -> None:
    play("register", "zone", "records", "check")
    job = provision(world, product)
    assert [step["name"] for step in job.steps] == ["register", "zone", "records", "check"]
    jobs.run(job.pk)
    job = fresh(world, job)
    assert (job.state, job.attempt, job.product.state) == (JobState.SUCCEEDED, 1, State.ACTIVE)
    assert all(step["at"] for step in job.steps)
    assert (job.product.remote_ref, job.product.provider) == ("there", "script")
    assert job.product.expires_at > timezone.now() + timedelta(days=364)
    with tenancy.scope(world.acme.pk):
        assert Event.objects.filter(verb="product.provision.done", target_id=product.pk, actor=None).count() == 1


def test_running_it_again_does_nothing(world: World, product: Product, play: Any) -> None:
    script = play("zone")
    job = provision(world, product)
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert len(script.specs) == 1
    with tenancy.scope(world.acme.pk):
        assert actions.provision(product, by=None) is None
        assert Job.objects.filter(product=product).count() == 1


def test_not_now_waits_with_the_reason_and_goes_on_later(world: World, product: Product, play: Any) -> None:
    play("register", Retryable("The name server sleeps.", detail="503"))
    job = provision(world, product)
    jobs.run(job.pk)
    job = fresh(world, job)
    assert (job.state, job.error, job.detail) == (JobState.WAITING, "The name server sleeps.", "503")
    assert job.run_after > timezone.now()
    first = job.steps[0]["at"]
    assert first
    jobs.run(job.pk)  # too early: nothing happens
    assert fresh(world, job).attempt == 1
    with tenancy.scope(world.acme.pk):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    play("register", "zone")
    jobs.run(job.pk)
    job = fresh(world, job)
    assert (job.state, job.error, job.attempt) == (JobState.SUCCEEDED, "", 2)
    assert job.steps[0]["at"] == first


def test_waits_grow_and_end_after_about_a_day(world: World, product: Product, play: Any) -> None:
    play(Retryable("No."))
    job = provision(world, product)
    waits = []
    for attempt in (0, 3, 8, jobs.ATTEMPTS - 1):
        with tenancy.scope(world.acme.pk):
            Job.objects.filter(pk=job.pk).update(attempt=attempt, run_after=timezone.now())
        jobs.run(job.pk)
        waits.append((fresh(world, job).run_after - timezone.now()).total_seconds())
    assert waits[0] < waits[1] < waits[2] <= jobs.LONGEST_WAIT
    assert fresh(world, job).state == JobState.FAILED
    assert fresh(world, job).product.state == State.FAILED


@pytest.mark.parametrize(
    ("problem", "error"), [(Permanent("Never.", detail="x"), "Never."), (Conflict("zone of 42"), "The name is in use")]
)
def test_never_fails_the_product_with_a_reason(
    world: World, product: Product, play: Any, problem: Exception, error: str
) -> None:
    play("register", problem)
    job = provision(world, product)
    jobs.run(job.pk)
    job = fresh(world, job)
    assert (job.state, job.product.state) == (JobState.FAILED, State.FAILED)
    assert job.error.startswith(error)
    assert job.detail in ("x", "zone of 42")


def test_a_fault_of_ours_is_tried_again_and_not_shown(world: World, product: Product, play: Any) -> None:
    play(ZeroDivisionError("secret detail"))
    job = provision(world, product)
    jobs.run(job.pk)
    job = fresh(world, job)
    assert job.state == JobState.WAITING
    assert "secret" not in job.error
    assert "secret detail" in job.detail


def test_a_dead_workers_job_is_taken_over_after_its_lease(world: World, product: Product, play: Any) -> None:
    play("zone")
    job = provision(world, product)
    assert jobs.claim(job.pk) is not None  # a worker took it, and died
    assert jobs.claim(job.pk) is None
    with tenancy.scope(world.acme.pk):
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
    jobs.run(job.pk)
    assert (fresh(world, job).state, fresh(world, job).attempt) == (JobState.SUCCEEDED, 2)


def test_who_lost_the_lease_records_nothing(world: World, product: Product, play: Any) -> None:
    def taken_over() -> None:
        Job.objects.update(attempt=7)

    play("register", taken_over, "zone")
    job = provision(world, product)
    jobs.run(job.pk)
    job = fresh(world, job)
    assert (job.state, job.attempt, job.product.state) == (JobState.RUNNING, 7, State.PENDING)
    assert [bool(step["at"]) for step in job.steps] == [True, False, False, False]


def test_a_wish_that_changes_while_its_job_runs_makes_it_run_again(world: World, play: Any) -> None:
    product = world.products["domains"]

    def change() -> None:
        actions.apply(Product.objects.get(pk=product.pk), by=None)

    script = play(change)
    with tenancy.scope(world.acme.pk):
        job = actions.apply(product, by=None)
    assert job is not None
    jobs.run(job.pk)
    assert fresh(world, job).state == JobState.QUEUED
    script.plan = ()
    jobs.run(job.pk)
    assert fresh(world, job).state == JobState.SUCCEEDED
    assert len(script.specs) == 2


def test_changes_before_the_run_are_one_job(world: World) -> None:
    product = world.products["domains"]
    with tenancy.scope(world.acme.pk):
        assert len({actions.apply(product, by=None).pk for _ in range(5)}) == 1


def test_jobs_of_one_product_keep_their_order(world: World, play: Any) -> None:
    play("zone")
    product, owner = world.products["domains"], world.access("owner")
    actions.suspend(product, by=owner)
    actions.cancel(product, by=owner)
    first, second = Job.objects.filter(product=product).order_by("pk")
    jobs.run(second.pk)
    assert fresh(world, second).state == JobState.QUEUED
    jobs.run(first.pk)
    jobs.run(second.pk)
    assert fresh(world, second).product.state == State.CANCELLED


def test_a_check_that_finds_nothing_is_shown(world: World, play: Any) -> None:
    play()
    product = world.products["domains"]
    job = actions.observe(product, by=world.access("owner"))
    jobs.run(job.pk)
    world.access("owner")
    product.refresh_from_db()
    assert product.facts == {"missing": True}
    assert product.state == State.ACTIVE


def test_the_sweep_wakes_what_is_due_in_every_organization(
    world: World, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr("products.tasks.wake", lambda task, pk: woken.append(pk))
    lost = provision(world, product)
    with tenancy.scope(world.other.pk):
        foreign = Job.objects.create(
            organization=world.other,
            product=world.foreign["domains"],
            verb=Verb.APPLY,
            state=JobState.RUNNING,
            lease_until=timezone.now() - timedelta(seconds=1),
        )
        later = Job.objects.create(
            organization=world.other,
            product=world.foreign["email"],
            verb=Verb.APPLY,
            state=JobState.WAITING,
            run_after=timezone.now() + timedelta(hours=1),
        )
    sweep_jobs()
    assert set(woken) == {lost.pk, foreign.pk}
    assert later.pk not in woken


def test_a_fault_while_recording_is_an_attempt_and_ends(
    world: World, product: Product, play: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider did its part, and writing it down breaks: not for ever, and not silently."""
    play("zone")
    job = provision(world, product)

    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("products.actions.outcome.delivered", broken)
    jobs.run(job.pk)
    assert fresh(world, job).state == JobState.WAITING
    with tenancy.scope(world.acme.pk):
        Job.objects.filter(pk=job.pk).update(attempt=jobs.ATTEMPTS, run_after=timezone.now())
    jobs.run(job.pk)
    assert fresh(world, job).state == JobState.FAILED


def test_the_last_of_many_wishes_wins(world: World, play: Any) -> None:
    script = play("zone")
    product, owner = world.products["domains"], world.access("owner")
    actions.suspend(product, by=owner)
    actions.resume(product, by=owner)
    actions.suspend(product, by=owner)
    for job in Job.objects.filter(product=product).order_by("pk"):
        jobs.run(job.pk)
    world.access("owner")
    product.refresh_from_db()
    assert product.state == State.SUSPENDED
    assert script.specs[-1].suspended


def test_what_failed_is_taken_down(world: World, product: Product, play: Any) -> None:
    script = play("register", Permanent("Never."))
    job = provision(world, product)
    jobs.run(job.pk)
    with tenancy.scope(world.acme.pk):
        (cleaning,) = Job.objects.filter(product=product, verb=Verb.CANCEL)
    script.plan = ()
    jobs.run(cleaning.pk)
    assert fresh(world, job).product.state == State.CANCELLED
