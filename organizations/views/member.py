from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from manager.web.pages import page
from organizations.access import Access, in_organization
from organizations.events import with_subjects
from organizations.models import Membership
from organizations.roles import Right

PAGE = 50


@require_GET
@in_organization(Right.MEMBERS)
def members(request: HttpRequest, access: Access) -> HttpResponse:
    rows = Membership.objects.filter(organization=access.organization).select_related("user")
    rows = rows.order_by("user__first_name", "user__last_name", "pk")
    listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return page(request, "organizations/members.html", {"access": access, "listing": listing})


@require_GET
@in_organization(Right.LOG)
def activity(request: HttpRequest, access: Access) -> HttpResponse:
    listing = Paginator(access.organization.events.all(), PAGE).get_page(request.GET.get("page"))
    with_subjects(listing, access.organization)
    return page(request, "organizations/activity.html", {"access": access, "listing": listing})
