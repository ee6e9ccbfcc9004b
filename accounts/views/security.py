from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import SecurityEvent
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import page

PAGE = 50


@require_GET
@signed_in
def security_log(request: SignedIn) -> HttpResponse:
    rows = SecurityEvent.objects.filter(user=request.user)
    listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return page(request, "accounts/security_log.html", {"listing": listing})
