from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import language as languages
from accounts.forms import LanguageForm
from manager.web.gate import public
from manager.web.pages import came_from, done, own_path


@require_POST
@csrf_exempt  # nobody's data changes, and a visitor who only looks needs no session
@public
def language(request: HttpRequest) -> HttpResponse:
    """A visitor's browser remembers the language. Who is signed in chooses it for their profile instead."""
    response = done(request, own_path(came_from(request)))
    form = LanguageForm(request.POST)
    if form.is_valid():
        languages.remember(response, form.cleaned_data["language"])
    return response
