from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from allauth.core.ratelimit import respond_429
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import tries
from accounts.models import User
from manager.help import actions, guides, links
from manager.help.forms import FeedbackForm
from manager.help.guide import Guide
from manager.help.models import Feedback
from manager.web.gate import public, signed_in, staff
from manager.web.pages import done, invalid, page
from organizations.gate import last_used

# In the session of a visitor who answered.
VISITOR = "help_visitor"
PAGE = 50
Text = str | Promise


@require_GET
@public
def index(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    context = {"query": query, "found": guides.search(query) if query else [], "sections": guides.sections()}
    return page(request, "help/index.html", context, fragments={"guides": "found"})


@require_GET
@public
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        found = guides.get(slug)
    except KeyError:
        return missing(request, slug)
    own = said(request, found)
    context = {"guide": found, "text": found.body.linked(reader(request).address), "own": own, "form": FeedbackForm()}
    return page(
        request,
        "help/guide.html",
        context | {"trail": trail((found.section.label, "")), "related": guides.related(found)},
    )


def trail(*more: tuple[Text, str]) -> list[dict[str, Text]]:
    """From the help centre down, for the breadcrumbs: labels with their addresses."""
    return [{"label": label, "url": url} for label, url in ((_("Help centre"), reverse("help")), *more)]


def missing(request: HttpRequest, slug: str) -> HttpResponse:
    query = slug.replace("-", " ")
    return page(request, "help/missing.html", {"query": query, "found": guides.search(query)[:5]}, status=404)


def reader(request: HttpRequest) -> links.Reader:
    if not request.user.is_authenticated:
        return links.Reader(signed_in=False)
    used = last_used(request)
    return links.Reader(signed_in=True, organization=used.organization.slug if used else "")


@require_GET
@signed_in
def go(request: HttpRequest, name: str) -> HttpResponse:
    """A screen that a guide leads to, in the organization used last."""
    if name not in links.linked():
        raise Http404
    used = last_used(request)
    try:
        there = links.screen(f"{name}?{request.GET.urlencode()}")
    except links.Unknown:
        raise Http404 from None
    return redirect(there.path(used.organization.slug) if used else "organizations")


@require_http_methods(["GET", "POST"])
@public
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of its own for visitors: only who answers gets a session."""
    try:
        about = guides.get(slug)
    except KeyError:
        return missing(request, slug)
    if request.method == "GET":
        chosen = initial(said(request, about)) | request.GET.dict()
        return page(request, "help/feedback.html", asked(about, FeedbackForm(initial=chosen)))
    if tries.are_spent(request, "help"):
        return respond_429(request)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return invalid(request, "help/feedback.html", asked(about, form))
    tries.count(request, "help")
    by, visitor = who(request)
    if by is None and not visitor:
        visitor = request.session[VISITOR] = token_urlsafe(16)
    actions.answer(about, by=by, visitor=visitor, **form.cleaned_data)
    return done(request, f"{about.url}#helpful", _("Thank you, this helps us to write better guides."))


def asked(about: Guide, form: FeedbackForm) -> dict[str, Any]:
    return {"guide": about, "form": form, "trail": trail((about.title, about.url))}


def who(request: HttpRequest) -> tuple[User | None, str]:
    """The person, or what the session of a visitor who has answered something is known by."""
    if request.user.is_authenticated:
        return request.user, ""
    return None, request.session.get(VISITOR, "")


def said(request: HttpRequest, about: Guide) -> Feedback | None:
    """What this reader answered about the guide before."""
    by, visitor = who(request)
    if by is None and not visitor:
        return None
    return Feedback.objects.filter(slug=about.slug, user=by, visitor=visitor).first()


def initial(own: Feedback | None) -> dict[str, Any]:
    return {"helpful": "yes" if own.helpful else "no", "words": own.words} if own else {}


@dataclass(frozen=True)
class Answers:
    """How many found the guide helpful, and how many did not."""

    guide: Guide
    yes: int
    no: int


@require_GET
@staff
def answers(request: HttpRequest) -> HttpResponse:
    """How helpful each guide is, those that help least first, and what people wrote."""
    yes, no = (Count("pk", filter=Q(helpful=helpful)) for helpful in (True, False))
    counted = Feedback.objects.order_by().values_list("slug").annotate(yes=yes, no=no)
    numbers = {slug: (yes, no) for slug, yes, no in counted}
    rows = [Answers(each, *numbers.get(each.slug, (0, 0))) for each in guides.every()]
    rows.sort(key=lambda row: (-row.no, row.yes))
    words = Feedback.objects.exclude(words="").select_related("user").order_by("-pk")
    listing = Paginator(words, PAGE).get_page(request.GET.get("page"))
    # A guide that is gone is known by its address.
    told = [(guides.by_slug().get(row.slug), row) for row in listing]
    return page(request, "help/answers.html", {"rows": rows, "told": told, "listing": listing, "trail": trail()})
