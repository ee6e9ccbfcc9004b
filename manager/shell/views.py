from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.models import Order
from billing.models.order import OrderState
from billing.waiting import with_waiting
from manager.shell import counts, health
from manager.shell.attention import Attention, rows
from manager.shell.first_steps import steps
from manager.shell.log import events
from manager.shell.tiles import tiles
from manager.web.gate import public, staff
from manager.web.pages import page
from organizations.access import Access
from organizations.events import with_subjects
from organizations.gate import in_organization, last_used
from organizations.roles import Right
from products import asked
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
    # First: what it asks along, nobody asks again.
    numbers = counts.by_kind(request, access, also=rows(access))
    attention = Attention(request, access)
    jobs = work(access)
    latest = list(events(access)[:6])
    with_subjects(latest, access.organization, only=[Product._meta.label_lower])
    running = [job for job in jobs if job.is_open]
    failed, due, waiting = [job for job in jobs if not job.is_open], unpaid(access), asked.of(request, access)
    context = {
        "access": access,
        "now": timezone.localtime(),
        "sections": tiles(request, access, attention),
        "attention": attention,
        "steps": [] if numbers or not access.may(Right.ALL_PRODUCTS) else steps(access, attention),
        "sees_nothing": not numbers,
        "running": running,
        "failed": failed,
        "unpaid": due,
        "asked": waiting,
        "needs_attention": len(failed) + len(due) + len(waiting.waiting) + len(waiting.answered) + attention.number,
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
