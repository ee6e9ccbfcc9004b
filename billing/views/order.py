from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing import lists
from billing.actions import order as actions
from billing.actions import payment as payments
from billing.forms import PaymentForm
from billing.gateways import gateway
from billing.lines import of as lines_of
from billing.models import Entry, Order
from billing.models.payment import PaymentState
from billing.waiting import with_waiting
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import sheets
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products.models import Job, Product
from products.models.job import JobState
from products.models.product import State


def find(access: Access, number: int) -> Order:
    order = Order.objects.filter(organization=access.organization, pk=number).select_related("actor").first()
    if order is None:
        raise Http404
    order.organization = access.organization
    return order


def shown(access: Access, order: Order) -> dict[str, Any]:
    """The order with the live steps of each product."""
    lines = lines_of(order)
    jobs = {job.product_id: job for job in Job.objects.filter(product__order_line__order=order, verb="provision")}
    rows = [(line, line.kind, jobs.get(line.product_id)) for line in lines]
    for line, _kind, job in rows:
        if job:
            job.product = line.product
    seen = Product.objects.visible_to(access).filter(order_line__order=order).order_by()
    working = any(job.is_open for job in jobs.values())
    # What failed is credited a moment later.
    here = [line for line in lines if not line.moved]
    owed = any(line.product.state == State.FAILED and not line.refunded_at for line in here)
    payment = order.payments.first()
    waiting = payment is not None and payment.state == PaymentState.PENDING
    context = {"access": access, "order": order, "rows": rows, "live": working or owed or waiting, "waiting": waiting}
    context["ready"] = sum(line.moved for line in lines) + sum(job.state == JobState.SUCCEEDED for job in jobs.values())
    context["seen"] = set(seen.values_list("pk", flat=True))
    context["may_read_invoices"] = access.may(Right.BILLING)
    return context | {"invoices": list(order.invoices.order_by("pk")), "payment": payment}


@require_GET
@in_organization(Right.ORDER, Right.BILLING)
def orders(request: HttpRequest, access: Access) -> HttpResponse:
    listing = lists.orders_of(request.GET)
    found = with_waiting(lists.orders(access, listing)).select_related("actor").prefetch_related("lines")
    if listing.wants_file:
        return sheets.of(access, listing, found)
    rows = listing.page(found)
    for order in rows:
        order.organization = access.organization
    context = {"access": access, "listing": listing, "rows": rows}
    return page(request, "billing/orders.html", context, fragments=["rows"])


@require_GET
@in_organization(Right.ORDER, Right.BILLING)
def detail(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    order = find(access, number)
    return page(request, "billing/order_detail.html", shown(access, order), fragments=["progress"])


@require_http_methods(["GET", "POST"])
@in_organization(Right.ORDER, Right.BILLING)
def pay(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    order = find(access, number)
    if order.state != "open":
        return done(request, order)
    credit = Entry.objects.credit(access.organization).get(order.currency, 0)
    with_credit = credit >= order.total and access.may(Right.BILLING)
    form = PaymentForm(request.POST or None, with_credit=with_credit)
    context = {"form": form, "credit": credit, "sandbox": gateway().sandbox} | shown(access, order)
    if request.method == "GET":
        return page(request, "billing/pay.html", context)
    if form.is_valid():
        try:
            payment = payments.pay(order, form.cleaned_data["method"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            paid = payment.state == PaymentState.CAPTURED
            told = (
                _("Thank you. Your products are being set up.")
                if paid
                else _("Waiting for the bank's answer, usually under two minutes.")
            )
            return done(request, order, told)
    return invalid(request, "billing/pay.html", context)


@require_POST
@in_organization(Right.ORDER)
def cancel(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    order = find(access, number)
    try:
        actions.cancel(order, by=access)
    except Refused as refused:
        return invalid(
            request, "billing/order_detail.html", shown(access, find(access, number)) | {"refusal": refused.message}
        )
    return done(request, order, _("The order is cancelled."))


@require_GET
@in_organization(Right.BILLING)
def invoices(request: HttpRequest, access: Access) -> HttpResponse:
    listing = lists.invoices_of(request.GET)
    found = lists.invoices(access, listing).select_related("order", "corrects")
    if listing.wants_file:
        return sheets.of(access, listing, found)
    context = {"access": access, "listing": listing, "rows": listing.page(found)}
    context["credit"] = Entry.objects.credit(access.organization)
    return page(request, "billing/invoices.html", context, fragments=["rows"])
