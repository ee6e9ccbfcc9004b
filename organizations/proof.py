"""Who opens an organization to somebody, all of it, proves once more who they are."""

from django.http import HttpRequest

from accounts.reauthentication import prove
from organizations.roles import Right, givers


def prove_for_role(request: HttpRequest, *roles: str) -> None:
    """For whatever gives or takes one of these roles, or reaches somebody who has it; a small role needs no proof."""
    if set(roles) & set(givers(Right.MEMBERS)):
        prove(request)
