from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manager.web.keyset import Slice
from manager.web.pages import done, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.models import Event
from products import names
from products.access import find, on_product
from products.actions import product as actions
from products.forms import LabelForm
from products.kinds import Permission
from products.models import Product
from products.models.job import JobState

# So many jobs stand on one page.
WORK = 10


def detail_with(
    request: HttpRequest, access: Access, product: Product, *, status: int = 422, **context: Any
) -> HttpResponse:
    """The product's page with what the kind's panel shows; `context` overrides, for a form with errors."""
    jobs = list(product.jobs.worth_showing().order_by("pk"))
    # What is done is news only when nothing else is.
    jobs = [job for job in jobs if job.state != JobState.SUCCEEDED] or jobs[-1:]
    shown = {
        "access": access,
        "product": product,
        "kind": product.kind,
        "label_form": LabelForm(initial={"text": product.label}),
        "jobs": jobs,
    }
    shown["moving"] = any(job.state in (JobState.QUEUED, JobState.RUNNING) for job in jobs)
    shown["ended"] = ended(access, product)
    mark = ".".join(job.mark for job in jobs)
    context = shown | product.kind.panel(product) | context
    return page(request, "products/detail.html", context, fragments=["progress"], mark=mark, status=status)


def ended(access: Access, product: Product) -> Event | None:
    """What made an end to the product; None while something is left of it."""
    if not product.is_gone:
        return None
    verbs = ["product.cancel.done", "product.abandon", "product.provision.failed"]
    events = access.organization.events.filter(target_type=Product._meta.label_lower, target_id=product.pk)
    return events.filter(verb__in=verbs).first()


@require_GET
@on_product(Permission.VIEW)
def detail(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return detail_with(request, access, product, status=200)


@require_GET
@on_product(Permission.VIEW)
def activity(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    rows = access.organization.events.filter(target_type=Product._meta.label_lower, target_id=product.pk)
    work = Slice(product.jobs.select_related("actor"), request.GET, size=WORK, prefix="work-")
    for job in work:
        job.product = product
    unresolved = set(product.jobs.unresolved().values_list("pk", flat=True))
    context = {"access": access, "product": product, "kind": product.kind, "work": work, "unresolved": unresolved}
    return page(request, "products/activity.html", context | {"listing": Slice(rows, request.GET)})


@require_POST
@on_product(Permission.CONFIGURE)
def label(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    form = LabelForm(request.POST)
    if not form.is_valid():
        return detail_with(request, access, product, label_form=form)
    actions.label(product, text=form.cleaned_data["text"], by=access)
    return done(request, product, _("The label is saved."))


@require_POST
@on_product(Permission.LIFECYCLE)
def suspend(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return _act(request, access, product, actions.suspend, _("%(name)s is being suspended."))


@require_POST
@on_product(Permission.LIFECYCLE)
def resume(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return _act(request, access, product, actions.resume, _("%(name)s is coming back."))


@require_POST
@on_product(Permission.LIFECYCLE)
def cancel(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return _act(request, access, product, actions.cancel, _("%(name)s is being cancelled."))


@require_POST
@on_product(Permission.CONFIGURE)
def observe(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return _act(request, access, product, actions.observe, _("We are reading %(name)s anew."))


def _act(request: HttpRequest, access: Access, product: Product, action: Any, message: str) -> HttpResponse:
    try:
        action(product, by=access)
    except Refused as refused:
        fresh = find(access, product.kind_slug, product.pk)
        return detail_with(request, access, fresh, refusal=str(refused.message))
    return done(request, product, message % {"name": names.shown(product.name)})
