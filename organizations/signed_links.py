"""What a link carries: which organization's row it opens, signed. The signature is the authority."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.http import base36_to_int, int_to_base36

# As Django signs it: only such texts are worth a look.
SHAPE = re.compile(r"\A[0-9a-z]{1,13}\.[\w-]{22}\.[\w-]{43}\Z", re.ASCII)


def sign(kind: str, organization_id: int, key: UUID) -> str:
    """The token of the row with this key: some seventy characters that need no escaping in an address."""
    name = urlsafe_b64encode(key.bytes).decode().rstrip("=")
    return Signer(salt=kind, sep=".").sign(f"{int_to_base36(organization_id)}.{name}")


def unsign(kind: str, token: str) -> tuple[int, UUID] | None:
    """The organization's id and the row's key; None for what we did not sign, or signed for another purpose."""
    if not SHAPE.match(token):
        return None
    try:
        organization, _dot, name = Signer(salt=kind, sep=".").unsign(token).partition(".")
    except BadSignature:
        return None
    return base36_to_int(organization), UUID(bytes=urlsafe_b64decode(f"{name}=="))
