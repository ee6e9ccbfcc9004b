"""One thing done to many products of a list: the form of its bar, and the page that tells how it goes."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from manager.web import sheet
from manager.web.lines import Line
from manager.web.pages import belongs, done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products import kinds, names
from products.actions import bulk as actions
from products.bulk import ACTIONS
from products.kinds import Kind
from products.models import BulkItem, BulkRun, Product
from products.models.product import ProductQuerySet
from products.views import list as lists

PAGE = 100
# Has steps of its own: the products are chosen there already. One more than it takes, so that it says so.
TRANSFER, MOST = "transfer", 200
Item = BulkItem.State


class BulkForm(forms.Form):
    """`all`: everything that the list shows, on all of its pages, by `query`, its address."""

    action = forms.ChoiceField(
        choices=[*((action.name, action.label) for action in ACTIONS.values()), (TRANSFER, gettext_lazy("Transfer"))],
        error_messages={"required": gettext_lazy("Choose what to do with the products.")},
    )
    text = Line(label=gettext_lazy("Label"), max_length=80, required=False)
    key = forms.UUIDField()
    all = forms.BooleanField(required=False)
    query = forms.CharField(max_length=4000, required=False)

    def clean(self) -> dict[str, Any]:
        """Only what takes a text has one."""
        given = super().clean() or {}
        action = ACTIONS.get(given.get("action", ""))
        return given if action and action.takes_text else given | {"text": ""}


def chosen(access: Access, kind: Kind, form: BulkForm, posted: QueryDict) -> ProductQuerySet:
    """The products that were ticked, or all that the list shows; none that the person does not see."""
    rows = Product.objects.visible_to(access).of(kind)
    if form.cleaned_data["all"]:
        listing = lists.listing_of(QueryDict(form.cleaned_data["query"].lstrip("?")), kind)
        return rows.filter(lists.narrowing(listing))
    ticked = {int(text) for text in posted.getlist("product") if text.isascii() and text.isdigit() and len(text) < 19}
    return rows.filter(pk__in=ticked)


@require_POST
@in_organization(Right.SEE)
def start(request: HttpRequest, access: Access, kind: Kind) -> HttpResponse:
    form = BulkForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        rows = chosen(access, kind, form, request.POST)
        if given["action"] == TRANSFER:
            ids = [("product", pk) for pk in rows.order_by("name", "pk").values_list("pk", flat=True)[: MOST + 1]]
            return done(request, f"{reverse('transfer_create', args=[access.organization.slug])}?{urlencode(ids)}")
        try:
            run = actions.start(kind, rows, given["action"], given["text"], given["key"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, run)
    back = {"access": access, "kind": kind, "form": form, "key": uuid4(), "query": form.data.get("query", "")}
    return invalid(request, "products/bulk_refused.html", back)


def find(access: Access, number: int) -> BulkRun:
    """One's own, and for who sees every product those of others."""
    rows = BulkRun.objects.filter(organization=access.organization, pk=number)
    if not access.may(Right.ALL_PRODUCTS):
        rows = rows.filter(actor=access.user)
    if (run := rows.select_related("actor").first()) is None:
        raise Http404
    run.organization = access.organization
    return run


def shown(request: HttpRequest, access: Access, run: BulkRun) -> dict[str, Any]:
    asked = request.GET.get("state", "")
    state = asked if asked in Item.values else ""
    counts = dict(run.items.order_by().values_list("state").annotate(number=Count("pk")))
    over = run.total - counts.get(Item.WAITING, 0)
    rows = run.items.filter(state=state) if state else run.items.all()
    listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    belongs(request, reverse("product_list", args=[access.organization.slug, run.kind_slug]))
    found = {"access": access, "run": run, "kind": kinds.get(run.kind_slug), "action": ACTIONS[run.action]}
    numbers = [(value, label, counts.get(value, 0)) for value, label in Item.choices]
    found |= {"counts": counts, "numbers": numbers, "over": over, "listing": listing, "state": state}
    return found | {"refused": counts.get(Item.REFUSED, 0), "mine": run.actor_id == access.user.pk}


@require_GET
@in_organization(Right.SEE)
def run(request: HttpRequest, access: Access, run: int) -> HttpResponse:
    found = find(access, run)
    if request.GET.get("format") == "csv":
        rows = ((names.shown(item.name), item.get_state_display(), item.message) for item in found.items.all())
        return sheet.answer(sheet.lines([_("Product"), _("Result"), _("Reason")], rows), f"bulk-{found.pk}")
    context = shown(request, access, found)
    mark = f"{context['over']}.{bool(found.finished_at)}"
    return page(request, "products/bulk_run.html", context, fragments=["outcome"], mark=mark)


@require_POST
@in_organization(Right.SEE)
def retry(request: HttpRequest, access: Access, run: int) -> HttpResponse:
    found = find(access, run)
    actions.retry(found, by=access)
    return done(request, found)
