import re

import pytest
from django.conf import settings

from manager.shell import navigation
from manager.web import icons, states
from products import kinds

TAG = re.compile(r"""{% icon "([a-z0-9-]+)\"""")
GIVEN = re.compile(r"""\bicon\s*[=:]\s*["']([a-z0-9-]+)["']""")
APPS = ("accounts", "billing", "manager", "organizations", "products")


def names_in_use() -> dict[str, str]:
    names = {}
    for template in (settings.ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        names |= {name: template.name for name in TAG.findall(text) + GIVEN.findall(text)}
    for app in APPS:
        for module in (settings.ROOT / app).rglob("*.py"):
            names |= {name: str(module) for name in GIVEN.findall(module.read_text())}
    names |= {look.icon: "states.py" for look in states.LOOKS.values()}
    names |= {page.icon: "navigation.py" for _, pages in navigation.PAGES for page in pages}
    return names | {kind.icon: kind.slug for kind in kinds.every()}


def test_every_icon_in_use_is_in_the_sprite() -> None:
    known = {*icons.ICONS, icons.MARK}
    missing = {name: place for name, place in names_in_use().items() if name not in known}
    assert not missing
    assert "globe" in names_in_use()


def test_the_list_is_sorted_and_names_nothing_twice() -> None:
    assert list(icons.ICONS) == sorted(set(icons.ICONS))


def test_the_sprite_holds_a_drawing_for_each_name() -> None:
    sprite = icons.sprite(settings.ROOT / "static" / "images" / "mark.svg")
    drawn = re.findall(r'<symbol id="([^"]+)" viewBox="[\d. ]+">\s*<(?:path|circle|rect|line|poly)', sprite)
    assert drawn == [*icons.ICONS, icons.MARK]
    assert "ns0" not in sprite


def test_an_unknown_name_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icons, "ICONS", ("no-such-drawing",))
    with pytest.raises(KeyError):
        icons.sprite(settings.ROOT / "static" / "images" / "mark.svg")
