from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import language
from accounts.actions import profile as actions
from accounts.forms import PreferencesForm, ProfileForm
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import came_from, done, invalid, own_path, page


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: SignedIn) -> HttpResponse:
    if request.method == "GET":
        return page(request, "accounts/profile.html", {"form": ProfileForm(instance=request.user)})
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return invalid(request, "accounts/profile.html", {"form": form})
    actions.rename(request.user, **form.cleaned_data)
    return done(request, "profile", _("Your profile is saved."))


@require_POST
@signed_in
def preferences(request: SignedIn) -> HttpResponse:
    form = PreferencesForm(request.POST)
    response = _back(request)
    if form.is_valid():
        chosen = form.chosen()
        actions.prefer(request.user, **chosen)
        if "language" in chosen:
            language.remember(response, chosen["language"])
    return response


@require_POST
@signed_in
def tour_done(request: SignedIn) -> HttpResponse:
    """The step that the tour shows now, or that it is over."""
    if step := request.POST.get("step", ""):
        actions.follow_tour(request.user, step[:60])
    else:
        actions.finish_tour(request.user)
    return _back(request)


def _back(request: SignedIn) -> HttpResponse:
    """To the page the form was on; never to another site."""
    return done(request, own_path(request.POST.get("next") or came_from(request)))
