"""The picture of an organization."""

from hashlib import sha256
from typing import IO

from django.db import transaction

from organizations import pictures
from organizations.access import Access
from organizations.events import record
from organizations.models import Logo, Organization


def set_logo(organization: Organization, upload: IO[bytes], *, by: Access) -> Organization:
    """The organization is shown with this picture, made anew as a square. Refused when it is none."""
    # Before the row is locked: a large picture takes a moment.
    return _keep(organization, pictures.square(upload), by)


@transaction.atomic(durable=True)
def _keep(organization: Organization, png: bytes, by: Access) -> Organization:
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    digest = sha256(png).hexdigest()[:16]
    if organization.logo_digest == digest:
        return organization
    Logo.objects.update_or_create(organization=organization, defaults={"png": png})
    organization.logo_digest = digest
    organization.save(update_fields=["logo_digest"])
    record("organization.logo.set", organization, by=by, organization=organization, digest=digest)
    return organization


@transaction.atomic(durable=True)
def remove_logo(organization: Organization, *, by: Access) -> Organization:
    """The initials stand in for the picture again."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if not organization.logo_digest:
        return organization
    Logo.objects.filter(organization=organization).delete()
    organization.logo_digest = ""
    organization.save(update_fields=["logo_digest"])
    record("organization.logo.remove", organization, by=by, organization=organization)
    return organization
