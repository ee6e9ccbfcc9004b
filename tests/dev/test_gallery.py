"""The gallery shows all there is to build pages with: a component without an entry fails."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from manager.dev import gallery
from manager.dev.gallery_samples import ELSEWHERE, SAMPLES
from manager.web import icons

SPECIMENS = Path(gallery.__file__).parent / "templates" / "gallery"
pytestmark = pytest.mark.django_db


def components() -> set[str]:
    return {file.stem for file in (settings.ROOT / "templates" / "components").glob("*.html")}


def test_every_sheet_has_a_specimen() -> None:
    shown = {file.stem for file in SPECIMENS.glob("*.html")} - {"gallery", *gallery.GROUND}
    assert shown == set(gallery.sheets())


def test_every_component_is_shown_or_has_a_reason() -> None:
    named = SAMPLES.keys() | ELSEWHERE.keys()
    assert components() - named == set()
    assert not SAMPLES.keys() & ELSEWHERE.keys()
    assert SAMPLES.keys() <= components()


def test_it_exists_only_where_the_portal_is_developed(client: Client, settings: Any) -> None:
    assert client.get(reverse("gallery")).status_code == 404
    settings.DEBUG = True
    page = client.get(reverse("gallery"))
    assert page.status_code == 200
    assert page.text.count('data-theme="light"') == page.text.count('data-theme="dark"') > 30


def test_no_id_is_given_twice(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    found = re.findall(r'\bid="([^"]+)"', client.get(reverse("gallery")).text)
    assert len(found) == len(set(found)), {name for name in found if found.count(name) > 1}


def test_its_icons_are_in_the_sprite() -> None:
    used = {
        name for file in SPECIMENS.glob("*.html") for name in re.findall(r'{% icon "([a-z0-9-]+)"', file.read_text())
    }
    assert used <= {*icons.ICONS, icons.MARK}
