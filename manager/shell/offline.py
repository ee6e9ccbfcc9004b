"""Without a network one ends on a page of ours. The worker keeps that page and its style sheet, nothing else."""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from manager.web.gate import public


def sheet() -> str:
    """The style sheet under an address of its own: those of the other pages pass by the worker."""
    return f"{static('app.css')}?offline"


@require_GET
@public
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody, so that keeping it tells nothing of anybody."""
    response = render(request, "shell/offline.html", {"sheet": sheet()})
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """Served at the top, so that it may answer for every page. Switched off, it removes itself from browsers."""
    if not settings.OFFLINE_PAGE:
        return script(request, "shell/worker_gone.js", {})
    known = render_to_string("shell/offline.html", {"sheet": sheet()})
    files = {"page": reverse("offline"), "sheet": sheet()}
    return script(request, "shell/worker.js", files | {"version": sha256(known.encode()).hexdigest()[:12]})


def script(request: HttpRequest, template: str, context: dict[str, str]) -> HttpResponse:
    response = render(request, template, context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
