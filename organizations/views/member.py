from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from manager.web.pages import page
from organizations.access import Access
from organizations.gate import in_organization
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
