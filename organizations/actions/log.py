from django.db import transaction

from organizations.access import Access
from organizations.events import Person, record
from organizations.models import Event


@transaction.atomic(durable=True)
def export(access: Access, **filters: str) -> Event:
    """The log says that somebody takes it away as a file, and which lines of it.

    It is the one who looks, not the one as whom they look.
    """
    by = Person(access.viewer, access.address) if access.viewer else access
    return record("log.export", access.organization, by=by, organization=access.organization, filters=filters)
