"""What a page says of the work on a product."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from products.models import Job
from products.models.job import JobState, Verb
from products.templatetags.jobs import job_title, timeline
from tests.people import World

pytestmark = pytest.mark.django_db


def job(world: World, verb: Verb, state: JobState, *, kind: str = "hosting", **fields: object) -> Job:
    ended = timezone.now() if state in (JobState.SUCCEEDED, JobState.FAILED) else None
    product = world.products[kind]
    fields = {"finished_at": ended} | fields
    return Job.objects.create(organization=world.acme, product=product, verb=verb, state=state, **fields)


def steps(*done: bool) -> list[dict[str, object]]:
    at = timezone.now().isoformat()
    names = ["account", "website", "certificate"]
    return [{"name": name, "at": at if is_done else None} for name, is_done in zip(names, done, strict=True)]


@pytest.mark.parametrize(
    ("state", "states"),
    [
        (JobState.RUNNING, ["succeeded", "running", "next"]),
        (JobState.WAITING, ["succeeded", "waiting", "next"]),
        (JobState.FAILED, ["succeeded", "failed", "next"]),
    ],
)
def test_a_set_up_stands_at_its_first_open_step(world: World, state: JobState, states: list[str]) -> None:
    world.access("owner")
    shown = timeline(job(world, Verb.PROVISION, state, steps=steps(True, False, False)))
    assert [step.state for step in shown] == states


def test_between_the_last_step_and_the_end_it_still_works(world: World) -> None:
    world.access("owner")
    shown = timeline(job(world, Verb.PROVISION, JobState.RUNNING, steps=steps(True, True, True)))
    assert [step.state for step in shown] == ["succeeded"] * 3 + ["running"]


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb != Verb.PROVISION])
@pytest.mark.parametrize("state", list(JobState))
def test_other_work_is_one_line(world: World, verb: Verb, state: JobState) -> None:
    world.access("owner")
    made = job(world, verb, state, steps=steps(True, True, True))
    assert [step.state for step in timeline(made)] == [state]
    assert "acme.ch" in job_title(made)


def test_a_failure_stands_until_it_is_made_good(world: World) -> None:
    world.access("owner")
    failed = job(world, Verb.APPLY, JobState.FAILED)
    assert list(Job.objects.unresolved()) == [failed]
    job(world, Verb.OBSERVE, JobState.SUCCEEDED)
    assert list(Job.objects.unresolved()) == [failed]
    job(world, Verb.APPLY, JobState.SUCCEEDED)
    assert not Job.objects.unresolved().exists()


def test_a_check_that_failed_is_made_good_by_any_later_job(world: World) -> None:
    world.access("owner")
    job(world, Verb.OBSERVE, JobState.FAILED)
    job(world, Verb.APPLY, JobState.SUCCEEDED)
    assert not Job.objects.unresolved().exists()


def test_what_is_done_is_news_for_a_moment(world: World) -> None:
    world.access("owner")
    job(world, Verb.APPLY, JobState.SUCCEEDED, finished_at=timezone.now() - timedelta(hours=1))
    fresh = job(world, Verb.OBSERVE, JobState.SUCCEEDED)
    assert list(Job.objects.worth_showing()) == [fresh]


def poll(client: Client, url: str, seen: str) -> tuple[int, str]:
    headers = {"HX-Request": "true", "HX-Target": "progress"}
    answer = client.get(url, {"seen": seen}, headers=headers)
    return answer.status_code, answer.content.decode()


def test_a_poll_brings_only_what_is_new(world: World) -> None:
    world.access("owner")
    running = job(world, Verb.PROVISION, JobState.RUNNING, kind="domains", steps=steps(False, False, False))
    client, url = world.client("owner"), world.products["domains"].get_absolute_url()
    assert f"seen={running.mark}" in client.get(url).content.decode()
    assert poll(client, url, running.mark) == (204, "")
    world.access("owner")
    Job.objects.filter(pk=running.pk).update(state=JobState.WAITING, error="The provider sleeps.")
    status, html = poll(client, url, running.mark)
    assert status == 200
    assert "The provider sleeps." in html
    assert 'hx-trigger="every' in html
    assert "<h1" not in html


def test_the_end_of_the_work_brings_the_rest_of_the_page_and_stops_asking(world: World) -> None:
    world.access("owner")
    ended = job(world, Verb.APPLY, JobState.SUCCEEDED)
    status, html = poll(world.client("owner"), world.products["hosting"].get_absolute_url(), "")
    assert status == 200
    assert 'hx-trigger="every' not in html
    assert all(f'id="{part}"' in html for part in ("status", "manage", "facts", "panel"))
    assert job_title(ended) in html
