"""What links carry."""

from uuid import UUID, uuid4

import pytest
from django.core.signing import Signer

from organizations.signed_links import sign, unsign

KEY = UUID("7e7c2b9e-0d3c-4a9b-8f43-3a2f1c1d0e55")


@pytest.mark.parametrize("organization", [1, 35, 36, 2**40, 2**63 - 1])
def test_what_was_signed_is_read(organization: int) -> None:
    key = uuid4()
    assert unsign("invitation", sign("invitation", organization, key)) == (organization, key)


def test_it_needs_no_escaping_and_is_short() -> None:
    token = sign("invitation", 12, KEY)
    assert len(token) < 80
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_one_purpose_does_not_open_another() -> None:
    assert unsign("transfer", sign("invitation", 12, KEY)) is None


def test_another_organization_or_key_cannot_be_put_in() -> None:
    token = sign("invitation", 12, KEY)
    organization, key, signature = token.split(".")
    other = sign("invitation", 13, uuid4()).split(".")
    assert unsign("invitation", ".".join([other[0], key, signature])) is None
    assert unsign("invitation", ".".join([organization, other[1], signature])) is None
    assert unsign("invitation", ".".join([organization, key, other[2]])) is None


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "x", "a.b.c", "\0", "é" * 68, sign("invitation", 1, KEY) + "x", sign("invitation", 1, KEY)[:-1]],
)
def test_garbage_is_nothing(token: str) -> None:
    assert unsign("invitation", token) is None


@pytest.mark.parametrize("value", ["", "12", "-1.x", f"{12}.{'A' * 22}.{'B' * 22}", f"ZZ.{'A' * 22}"])
def test_even_what_we_signed_must_be_a_token(value: str) -> None:
    assert unsign("invitation", Signer(salt="invitation", sep=".").sign(value)) is None
