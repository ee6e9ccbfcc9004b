from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.actions import mail as actions
from accounts.actions import notification
from accounts.models import Mail


@shared_task
def send_mail(pk: int) -> None:
    if mail := actions.claim(pk):
        actions.send(mail)


@shared_task
def sweep_mail() -> None:
    """Wake a worker for every mail that is due: those whose wake-up call was lost, and the repeats."""
    for pk in Mail.objects.filter(sent_at=None, run_after__lte=timezone.now()).values_list("pk", flat=True)[:500]:
        actions.wake(send_mail, pk)


@shared_task
def purge() -> None:
    """Expired sessions are gone, and so are mail and notifications of long ago."""
    SessionStore.clear_expired()
    actions.purge()
    notification.purge()
