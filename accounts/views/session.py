from allauth.usersessions.models import UserSession
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import session as actions
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done


@require_POST
@signed_in
def end(request: SignedIn, session: int) -> HttpResponse:
    """Signs out one other device; the one in use signs out by its own menu."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    found = others.filter(pk=session).first()
    if found is None:
        raise Http404
    actions.end([found], by=request.user, request=request)
    return done(request, "usersessions_list", _("That device is signed out."))
