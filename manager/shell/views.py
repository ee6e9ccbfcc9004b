from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.models import Order
from billing.models.order import OrderState
from billing.waiting import with_waiting
from manager.shell import counts, health
from manager.shell.log import events
from manager.web.gate import public, staff
from manager.web.pages import page
from organizations.access import Access
from organizations.events import with_subjects
from organizations.gate import in_organization, last_used
from organizations.roles import Right
from products import asked, kinds
from products.models import Job, Product


@require_GET
@public
def landing(request: HttpRequest) -> HttpResponse:
    """A visitor sees what can be ordered; whoever is signed in, the organization used last."""
    if not request.user.is_authenticated:
        return redirect("order")
    used = last_used(request)
    return redirect(used.organization if used else "organizations")


@require_GET
@in_organization(Right.SEE)
def home(request: HttpRequest, access: Access) -> HttpResponse:
    jobs = work(access)
    latest = list(events(access)[:6])
    with_subjects(latest, access.organization, only=[Product._meta.label_lower])
    running = [job for job in jobs if job.is_open]
    context = {
        "access": access,
        "now": timezone.localtime(),
        "sections": tiles(counts.by_kind(request, access)),
        "running": running,
        "failed": [job for job in jobs if not job.is_open],
        "unpaid": unpaid(access),
        "asked": asked.of(request, access),
        "events": latest,
    }
    mark = ".".join(job.mark for job in running)
    return page(request, "shell/home.html", context, fragments=["operations"], mark=mark)


def work(access: Access) -> list[Job]:
    """The latest operations that run, and those that failed and were not made good, on products one sees. One query."""
    jobs = Job.objects.filter(product__in=Product.objects.visible_to(access)).select_related("product").latest_first()
    failed = jobs.unresolved().filter(product__state__in=["active", "suspended", "failed"])
    shown = sorted(jobs.open()[:5].union(failed[:5]), key=lambda job: job.pk, reverse=True)
    for job in shown:
        job.product.organization = access.organization
    return shown


def tiles(by_kind: dict[str, dict[str, int]]) -> list[dict[str, object]]:
    """Each kind with its number of products and their share by state."""
    looks = (
        ("active", "good"),
        ("pending", "info"),
        ("ordered", "info"),
        ("suspended", "warning"),
        ("failed", "danger"),
    )
    shown = []
    for section, members in kinds.sections():
        entries = []
        for kind in members:
            states, at, strip = by_kind.get(kind.slug, {}), 0, []
            for state, tone in looks:
                if number := states.get(state, 0):
                    strip.append({"state": state, "tone": tone, "at": at, "width": number})
                    at += number
            entries.append({"kind": kind, "count": at, "states": states, "strip": strip})
        shown.append({"label": section.label, "entries": entries})
    return shown


def unpaid(access: Access) -> list[Order]:
    if not (access.may(Right.ORDER) or access.may(Right.BILLING)):
        return []
    orders = list(with_waiting(Order.objects.filter(organization=access.organization, state=OrderState.OPEN))[:3])
    for order in orders:
        order.organization = access.organization
    return orders


@require_GET
@staff
def health_page(request: HttpRequest) -> HttpResponse:
    return page(request, "shell/health.html", health.report())


@require_GET
@public
def terms(request: HttpRequest) -> HttpResponse:
    return page(request, "shell/terms.html")


@require_GET
@public
def live(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: this process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
