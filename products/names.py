"""Domain names: one spelling, and one organization that may use each."""

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

import idna
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext as _
from publicsuffixlist import PublicSuffixList

from manager.web import locks
from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Organization
from products.models import Product

LONGEST = 253
# The full stops of other scripts separate labels too (UTS 46, section 2.3).
DOTS = str.maketrans("。．｡", "...")


def normal(text: str) -> str:
    """The one spelling of a domain name: A-labels, lower case, no final dot (RFC 5890, 5891, UTS 46).

    Raises ValueError, with a sentence for people, when it is not a domain name.
    """
    text = text.strip().translate(DOTS).rstrip(".")
    if not text:
        raise ValueError(_("Enter a domain name, for example “example.ch”."))
    if any(ord(sign) < 33 or ord(sign) == 127 for sign in text):
        raise ValueError(_("A domain name has no spaces or control characters."))
    if "." not in text:
        raise ValueError(_("A domain name has at least two parts, for example “example.ch”."))
    try:
        name = idna.encode(text, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        name = ""
    if not name or len(name) > LONGEST:
        raise ValueError(
            _("This is not a domain name. Its parts have letters, digits and inner hyphens, up to 63 characters each.")
        )
    if name.rpartition(".")[2].isdigit():
        raise ValueError(_("This is an address in numbers. Enter a domain name, for example “example.ch”."))
    return name


def shown(name: str) -> str:
    """The name as people read it: U-labels where there are some."""
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def parents(name: str) -> list[str]:
    """The name and every name above it, up to the one that is registered."""
    labels, above = name.split("."), registrable(name) or name
    return [".".join(labels[at:]) for at in range(len(labels) - above.count("."))]


@cache
def endings() -> PublicSuffixList:
    """The Public Suffix List, as the package brings it; nothing is fetched."""
    return PublicSuffixList(only_icann=False)


def registrable(name: str) -> str | None:
    """The part of a name that somebody registers, such as "example.co.uk"; None for an ending like "co.uk"."""
    return endings().privatesuffix(name)


def check(name: str) -> None:
    """Refused for names nobody can own here: public endings, and those the hosting company itself lives on."""
    own = {registrable(host) or host for host in (*settings.NAME_SERVERS, *settings.MAIL_SERVERS)}
    own.add(urlsplit(settings.BASE_URL).hostname or "")
    above = registrable(name)
    if above is None:
        text = _("%(name)s is an ending under which others register names.")
    elif above in own or name in own:
        text = _("%(name)s belongs to us.")
    else:
        return
    raise Refused(text % {"name": shown(name)}, field="name")


def hold(names: Iterable[str]) -> None:
    """Nobody else reserves these names, or ones above or below, until the transaction ends. Always in one order."""
    for name in sorted({registrable(name) or name for name in names}):
        locks.hold(f"name:{name}")


def reserve(name: str, organization: Organization) -> None:
    """Nobody else uses this name, one above or one below it. Held until the transaction ends. Else Refused."""
    check(name)
    hold([name])
    below = Q(reversed__startswith=f".{name}"[::-1])
    with tenancy.every_organization():
        others = Product.objects.standing().exclude(organization=organization).annotate(reversed=Reverse("name"))
        taken = others.filter(Q(name__in=parents(name)) | below).exists()
    if taken:
        text = _("%(name)s is in use by another organization here. If it is yours, our support can help.")
        raise Refused(text % {"name": shown(name)}, field="name")
