from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from manager.web.gate import public
from manager.web.pages import page


@require_GET
@public
def trouble(request: HttpRequest) -> HttpResponse:
    """What to do when signing in does not work. The same for everybody: it knows no account."""
    context = {"support": settings.SUPPORT_EMAIL, "sender": settings.DEFAULT_FROM_EMAIL}
    return page(request, "accounts/trouble.html", context | {"locked": settings.LOCKED_MINUTES})
