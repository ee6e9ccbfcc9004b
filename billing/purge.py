from celery import shared_task

from billing import carts


@shared_task
def purge_carts() -> None:
    """Carts left long ago are gone."""
    carts.purge()
