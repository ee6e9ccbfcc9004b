"""Whether the portal works, for staff: what beats, what waits, what failed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from accounts.models import Mail
from organizations import tenancy
from products import kinds
from products.models import Heartbeat, Job
from products.models.job import JobState
from products.sandbox import Sandbox

LATE = timedelta(minutes=2)


def report() -> dict[str, Any]:
    """One look at the tables; no provider is asked."""
    now = timezone.now()
    beats = {beat.name: beat.at for beat in Heartbeat.objects.all()}
    with tenancy.every_organization():
        states = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
        work = by_kind()
        oldest = Job.objects.due().aggregate(oldest=Min("run_after"))["oldest"]
        failed = list(
            Job.objects.filter(state=JobState.FAILED).select_related("product__organization").latest_first()[:20]
        )
        waiting = list(
            Job.objects.filter(state=JobState.WAITING).select_related("product__organization").latest_first()[:20]
        )
    mail = Mail.objects.filter(sent_at=None).aggregate(number=Count("pk"), oldest=Min("created_at"))
    return {
        "beat": beats.get("beat"),
        "beat_late": "beat" not in beats or now - beats["beat"] > LATE,
        "redis": redis_answers(),
        "states": [(state.label, states.get(state.value, 0)) for state in JobState],
        "oldest": oldest,
        "oldest_late": oldest is not None and now - oldest > LATE,
        "failed": failed,
        "waiting": waiting,
        "mail": mail,
        "providers": providers(work),
    }


def by_kind() -> dict[str, dict[str, Any]]:
    """What became of the jobs of each kind, and how many wait for their provider. One query."""
    succeeded, failed, waiting = (Q(state=state) for state in (JobState.SUCCEEDED, JobState.FAILED, JobState.WAITING))
    rows: Iterable[Any] = (
        Job.objects.order_by()
        .values("product__kind_slug")
        .annotate(
            succeeded_at=Max("finished_at", filter=succeeded),
            failed_at=Max("finished_at", filter=failed),
            waiting=Count("pk", filter=waiting),
        )
    )
    return {row["product__kind_slug"]: row for row in rows}


def providers(work: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each kind with its driver, what of it is simulated, and how it has fared lately."""
    rows = []
    for kind in kinds.every():
        driver = kind.driver()
        row = {"kind": kind, "driver": driver, "simulated": isinstance(driver, Sandbox)}
        rows.append(row | work.get(kind.slug, {}))
    return rows


def redis_answers() -> bool:
    try:
        cache.get("health")
    except Exception:
        return False
    return True
