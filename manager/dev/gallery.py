"""The component gallery: what there is to build pages with, in every state and both themes. Development only."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from manager.dev.gallery_samples import ELSEWHERE, SAMPLES
from manager.web.gate import public
from manager.web.pages import page

THEMES = ("light", "dark")
# What is no component, and is shown all the same.
GROUND = ("tokens", "base")


@dataclass(frozen=True)
class Shown:
    name: str
    themes: list[tuple[str, SafeString]]
    path: str = ""


def sheets() -> list[str]:
    """The components that the style sheet is made of."""
    return sorted(file.stem for file in Path(settings.ROOT, "static", "css", "components").glob("*.css"))


def specimens() -> list[Shown]:
    names = [(name, f"{name}.css") for name in GROUND] + [(name, f"components/{name}.css") for name in sheets()]
    return [
        Shown(name, [(theme, render_to_string(f"gallery/{name}.html", {"theme": theme})) for theme in THEMES], path)
        for name, path in names
    ]


def components() -> list[Shown]:
    return [Shown(name, [(theme, sample(name, theme)) for theme in THEMES]) for name in sorted(SAMPLES)]


def sample(name: str, theme: str) -> SafeString:
    parts = [render_to_string(f"components/{name}.html", context) for context in SAMPLES[name](theme)]
    return SafeString("".join(parts))


@require_GET
@public
def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    return page(
        request,
        "gallery/gallery.html",
        {"specimens": specimens(), "components": components(), "elsewhere": ELSEWHERE},
    )


urlpatterns = [path("gallery/", gallery, name="gallery")]
