from django.db import transaction

from organizations.access import Access
from organizations.events import record
from organizations.models import Event


@transaction.atomic(durable=True)
def export(access: Access, **filters: str) -> Event:
    """The log says that somebody takes it away as a file, and which lines of it."""
    return record("log.export", access.organization, by=access, organization=access.organization, filters=filters)
