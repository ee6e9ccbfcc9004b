"""Which language a person reads: their own choice, else the browser's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import User


class Middleware:
    """Who is signed in reads the language of their profile. Comes after Django's, which knows cookie and browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Who is signed in is known by now: the list of sign-ins has asked.
        if request.user.is_authenticated and request.user.language:
            speak(request, request.user.language)
        return self.get_response(request)


def speak(request: HttpRequest, language: str) -> None:
    """The answer to this request is in this language, and says so."""
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()


@contextmanager
def spoken_by(user: User | None) -> Iterator[None]:
    """Within the block texts are for this person: in the language of their profile, or in the one now spoken."""
    with translation.override(user.language if user and user.language else translation.get_language()):
        yield


def remember(response: HttpResponse, language: str) -> None:
    """This browser shows the portal in this language, also before signing in; with none, in its own again."""
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
