from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import profile as actions
from accounts.forms import PreferencesForm, ProfileForm
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done, invalid, own_path, page


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
    if form.is_valid():
        actions.prefer(request.user, **form.chosen())
    return _back(request)


@require_POST
@signed_in
def tour_done(request: SignedIn) -> HttpResponse:
    actions.finish_tour(request.user)
    return _back(request)


def _back(request: SignedIn) -> HttpResponse:
    """To the page the form was on; never to another site."""
    return done(request, own_path(request.POST.get("next", "")))
