from pathlib import Path

import pytest
from django.conf import settings

from manager.web import assets

STATIC = Path(settings.ROOT) / "static"


def test_the_style_sheet_holds_every_file_in_its_layer() -> None:
    text = assets.style_sheet(STATIC / "css" / "app.css")
    assert text.startswith("@layer tokens,base,components,layout,print;")
    assert "@import" not in text
    for file in (STATIC / "css").rglob("*.css"):
        if file.name != "app.css":
            assert file.name in (STATIC / "css" / "app.css").read_text()
    assert text.count("{") == text.count("}")
    assert ".search-trigger" in text
    assert "@media print" in text


def test_the_style_sheet_stays_small() -> None:
    assert len(assets.style_sheet(STATIC / "css" / "app.css").encode()) <= 45 * 1024


def test_a_descendant_stays_one_in_a_nested_rule(tmp_path: Path) -> None:
    (tmp_path / "part.css").write_text(".paper { .table :is(th, td):first-child { color: red; } }\n")
    (tmp_path / "app.css").write_text('@import "part.css" layer(base);\n')
    assert ".table *:is(th,td):first-child" in assets.style_sheet(tmp_path / "app.css")


def test_building_twice_writes_once(tmp_path: Path) -> None:
    assert sorted(path.name for path in assets.build(STATIC, tmp_path)) == ["app.css", "icons.svg"]
    assert assets.build(STATIC, tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.css", "icons.svg"]


def test_an_import_without_layer_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text('@import "tokens.css";\n')
    with pytest.raises(ValueError, match="no layer"):
        assets.style_sheet(tmp_path / "app.css")
