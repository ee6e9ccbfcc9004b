"""Guesses of what only a link's reader knows are counted by where they come from."""

from hashlib import sha256
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MOST = 60
PERIOD = 600


def key(request: HttpRequest, what: str) -> str:
    """Of the address, or of the network that one IPv6 customer has."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    place = ip_network((address, 64), strict=False) if address.version == 6 else address
    return f"tries:{what}:{sha256(str(place).encode()).hexdigest()}"


def are_spent(request: HttpRequest, what: str) -> bool:
    """Too many guesses came from there in the last minutes."""
    return int(cache.get(key(request, what)) or 0) >= MOST


def count(request: HttpRequest, what: str) -> None:
    """One more guess was wrong."""
    name = key(request, what)
    cache.add(name, 0, PERIOD)
    try:
        cache.incr(name)
    except ValueError:
        # It ended between the two.
        cache.add(name, 1, PERIOD)
