from billing.models import Entry, Movement
from billing.models.ledger import Account
from organizations.models import Organization


def book(
    organization: Organization, key: str, text: str, currency: str, amounts: dict[Account, int]
) -> Movement | None:
    """The movement is in the ledger, balanced; None when it was there already. In the caller's transaction."""
    movement, created = Movement.objects.get_or_create(key=key, defaults={"organization": organization, "text": text})
    if not created:
        return None
    Entry.objects.bulk_create(
        Entry(organization=organization, movement=movement, account=account, currency=currency, amount=amount)
        for account, amount in amounts.items()
        if amount
    )
    return movement
