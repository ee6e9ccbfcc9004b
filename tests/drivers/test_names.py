"""One spelling of a domain name: what people type becomes what drivers accept, or a sentence that says why not."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from products import border, names
from products.drivers import Permanent, Spec
from tests.drivers import hostile

LABELS = st.text(st.sampled_from("abcxyz0189-äßéøñ例テİıſКﬀ"), min_size=1, max_size=12)
DOTS = st.sampled_from([".", ".", ".", "。", "．", "..", "｡"])
TYPED = st.one_of(
    st.text(max_size=300),
    st.lists(LABELS, min_size=2, max_size=6).flatmap(lambda parts: DOTS.map(lambda dot: dot.join(parts))),
    st.builds(lambda name, end: name + end, st.sampled_from(hostile.NAMES[:-1]), st.text(max_size=3)),
)


def accepted(name: str) -> bool:
    try:
        border.check(Spec(key="0" * 32, name=name))
    except Permanent:
        return False
    return True


@given(TYPED)
@example("a.b")
@example("example.com。")
@example("example.1a")
@example("example.１２３")
@example("xn--a.example")
@example("XN--BCHER-KVA.example")
@example("faß.example")
@example("a\u00ad.example")
@example("\u2488.example")
def test_a_name_is_normal_or_refused(text: str) -> None:
    try:
        name = names.normal(text)
    except ValueError as refusal:
        said = str(refusal)
    else:
        said = ""
        assert accepted(name)
        assert not any(unicodedata.category(sign).startswith("C") for sign in name)
        assert names.normal(name) == name
    # A sentence for people, not one of a library's.
    assert not said or said.endswith(".")


@given(TYPED)
def test_every_name_can_be_shown(text: str) -> None:
    assert isinstance(names.shown(text), str)


@given(TYPED)
def test_what_is_shown_is_the_same_name(text: str) -> None:
    try:
        name = names.normal(text)
    except ValueError:
        return
    assert names.normal(names.shown(name)) == name


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("example.ch", "example.ch"),
        (" Example.CH. ", "example.ch"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("ｅｘａｍｐｌｅ.ch", "example.ch"),
        ("a-b.c-d.example", "a-b.c-d.example"),
    ],
)
def test_spellings_of_one_name(typed: str, normal: str) -> None:
    assert names.normal(typed) == normal
    assert names.normal(names.shown(normal)) == normal


@pytest.mark.parametrize("text", hostile.NAMES, ids=lambda text: ascii(text[:30]))
def test_what_is_hostile_is_refused_or_becomes_harmless(text: str) -> None:
    try:
        name = names.normal(text)
    except ValueError:
        return
    assert accepted(name)
