from celery import shared_task

from organizations.actions import expiry


@shared_task
def end_memberships() -> None:
    expiry.end_memberships()
