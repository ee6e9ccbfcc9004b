"""The picture of an organization."""

from hashlib import sha256
from typing import IO

from django.db import transaction

from organizations import pictures
from organizations.access import Access
from organizations.actions.still import hold
from organizations.events import record
from organizations.models import Logo, Organization
from organizations.roles import Right


def set_logo(upload: IO[bytes], *, by: Access) -> Organization:
    """The organization is shown with this picture, made anew as a square. Refused when it is none."""
    # Before the organization is held: a large picture takes a moment.
    return _keep(pictures.square(upload), by)


@transaction.atomic(durable=True)
def _keep(png: bytes, by: Access) -> Organization:
    by = hold(by, Right.EDIT)
    organization = by.organization
    digest = sha256(png).hexdigest()[:16]
    if organization.logo_digest == digest:
        return organization
    Logo.objects.update_or_create(organization=organization, defaults={"png": png})
    organization.logo_digest = digest
    organization.save(update_fields=["logo_digest"])
    record("organization.logo.set", organization, by=by, organization=organization, digest=digest)
    return organization


@transaction.atomic(durable=True)
def remove_logo(*, by: Access) -> Organization:
    """The initials stand in for the picture again."""
    by = hold(by, Right.EDIT)
    organization = by.organization
    if not organization.logo_digest:
        return organization
    Logo.objects.filter(organization=organization).delete()
    organization.logo_digest = ""
    organization.save(update_fields=["logo_digest"])
    record("organization.logo.remove", organization, by=by, organization=organization)
    return organization
