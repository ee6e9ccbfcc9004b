"""System check: no guide leads nowhere."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from manager.help import guides, links
from manager.help.guide import Guide, Malformed
from products import kinds


@register
def every_guide_leads_somewhere(**kwargs: Any) -> list[CheckMessage]:
    try:
        found = [(guide.slug, text) for guide in guides.every() for text in wrong(guide)]
    except (Malformed, ValueError) as error:
        found = [("guides", str(error))]
    return [Error(f"The guide {slug} is not right: {text}", id="help.E001") for slug, text in found]


def wrong(guide: Guide) -> Iterator[str]:
    """What a guide names that does not exist."""
    known = guides.by_slug()
    yield from (f"there is no guide {slug}" for slug in guide.facts["related"] if slug not in known)
    for named in guide.screens:
        try:
            name, _mark, query = named.partition("?")
            exists(name)
            if query:
                kinds.get(query.removeprefix("kind="))
        except (links.Unknown, KeyError):
            yield f"there is no screen {named}"
    for body in guide.bodies.values():
        for link in body.links:
            if link.startswith(links.SCREEN):
                try:
                    links.screen(link)
                except links.Unknown as error:
                    yield str(error)
            elif link.startswith(links.GUIDE):
                slug, _sharp, anchor = link.removeprefix(links.GUIDE).partition("#")
                if slug not in known:
                    yield f"there is no guide {slug}"
                elif anchor and anchor not in {heading.anchor for heading in known[slug].body.headings}:
                    yield f"{link}: no such heading"
            else:
                yield f"{link} leads out of the portal"


def exists(name: str) -> None:
    """There is a screen with this URL name, which may have a namespace; Unknown when not."""
    from manager.checks import views

    if name not in {known for known, _view in views()}:
        raise links.Unknown(name)
