"""The icons in use, by their Lucide name. `manage.py build_assets` puts exactly these into the sprite."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide

# The mark of the brand is our own drawing: static/images/mark.svg.
MARK = "mark"

ICONS = (
    "arrow-down",
    "arrow-down-left",
    "arrow-left",
    "arrow-left-right",
    "arrow-right",
    "arrow-up",
    "arrow-up-right",
    "at-sign",
    "ban",
    "bell",
    "book-open",
    "bookmark",
    "building-2",
    "calendar-clock",
    "calendar-sync",
    "check",
    "check-check",
    "chevron-down",
    "chevron-right",
    "chevrons-up-down",
    "circle-alert",
    "circle-check",
    "circle-pause",
    "circle-question-mark",
    "circle-x",
    "clock",
    "columns-3",
    "compass",
    "copy",
    "credit-card",
    "download",
    "ellipsis",
    "eye",
    "eye-off",
    "fingerprint-pattern",
    "flask-conical",
    "globe",
    "hand-coins",
    "heart-pulse",
    "history",
    "hourglass",
    "house",
    "id-card",
    "image",
    "image-off",
    "image-up",
    "inbox",
    "info",
    "key-round",
    "languages",
    "layers",
    "layout-grid",
    "life-buoy",
    "link",
    "list-checks",
    "list-filter",
    "loader-circle",
    "lock",
    "log-in",
    "log-out",
    "mail",
    "mail-check",
    "mail-search",
    "mail-x",
    "map-pinned",
    "menu",
    "monitor-smartphone",
    "panel-left",
    "pause",
    "pencil",
    "play",
    "plus",
    "printer",
    "receipt-text",
    "refresh-cw",
    "rotate-ccw",
    "search",
    "search-x",
    "send",
    "server",
    "server-off",
    "settings",
    "shield-alert",
    "shield-check",
    "shield-off",
    "shopping-cart",
    "smartphone",
    "star",
    "sun",
    "tag",
    "thumbs-down",
    "thumbs-up",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "unlink",
    "user-round",
    "user-round-cog",
    "user-round-minus",
    "user-round-plus",
    "users-round",
    "wallet",
    "wifi-off",
    "x",
)

NAMESPACE = "http://www.w3.org/2000/svg"


def sprite(mark: Path) -> str:
    """One SVG file with a symbol per icon; the drawings come from the installed `lucide` package."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}svg")
    with ZipFile(Path(lucide.__file__).parent / "lucide.zip") as drawings:
        for name in ICONS:
            _add(root, name, _drawing(drawings.read(f"{name}.svg").decode()))
    drawing = _drawing(mark.read_text())
    for shape in drawing:
        # The page colours the mark where it stands.
        shape.attrib.pop("fill", None)
    _add(root, MARK, drawing)
    ElementTree.indent(root, space="")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _drawing(text: str) -> ElementTree.Element:
    # Files of a locked package and our own: nothing a visitor could write.
    return ElementTree.fromstring(text)  # noqa: S314


def _add(root: ElementTree.Element, name: str, drawing: ElementTree.Element) -> None:
    symbol = ElementTree.SubElement(root, f"{{{NAMESPACE}}}symbol", id=name, viewBox=drawing.attrib["viewBox"])
    symbol.extend(drawing)
