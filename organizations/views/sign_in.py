from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import second_factor
from accounts.reauthentication import freshly_authenticated, prove
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions import second_factor as actions
from organizations.gate import in_organization
from organizations.models import Membership
from organizations.roles import Right
from organizations.sign_in_forms import SecondFactorForm

PAGE = 50
TEMPLATE = "organizations/sign_in_rules.html"


def shown(request: HttpRequest, access: Access, **context: Any) -> dict[str, Any]:
    """The rule, and who would be kept out by it."""
    members = Membership.objects.filter(organization=access.organization).active().select_related("user")
    bare = members.exclude(second_factor.exists_for("user")).order_by("user__first_name", "user__last_name", "pk")
    listing = Paginator(bare, PAGE).get_page(request.GET.get("page"))
    reminded = actions.reminded_today(access.organization, [member.user_id for member in listing])
    for member in listing:
        member.is_reminded = member.user_id in reminded  # type: ignore[attr-defined]
    found = {"access": access, "listing": listing, "total": members.count()}
    found["ready"] = second_factor.has_one(access.user)
    return found | {"form": SecondFactorForm.of(access.organization)} | context


def home(access: Access) -> str:
    return reverse("sign_in_rules", args=[access.organization.slug])


@require_GET
@in_organization(Right.EDIT)
def sign_in_rules(request: HttpRequest, access: Access) -> HttpResponse:
    return page(request, TEMPLATE, shown(request, access))


@require_POST
@in_organization(Right.EDIT)
def require(request: HttpRequest, access: Access) -> HttpResponse:
    form = SecondFactorForm(request.POST)
    if form.is_valid():
        prove(request)
        try:
            actions.require(start=form.cleaned_data["start"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, home(access), _("The rule is set. Who has no second factor yet gets a mail."))
    return invalid(request, TEMPLATE, shown(request, access, form=form))


@require_POST
@in_organization(Right.EDIT)
@freshly_authenticated
def release(request: HttpRequest, access: Access) -> HttpResponse:
    actions.release(by=access)
    return done(request, home(access), _("A second factor is no longer asked for."))
