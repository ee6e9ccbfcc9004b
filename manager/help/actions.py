"""What a reader does in the help centre."""

from django.db import transaction

from accounts.models import User
from manager.help.guide import Guide
from manager.help.models import Feedback


@transaction.atomic(durable=True)
def answer(guide: Guide, *, by: User | None, visitor: str, helpful: bool, words: str | None) -> Feedback:
    """The reader's one answer about this guide is this; without words it keeps those it had."""
    who = {"user": by} if by else {"visitor": visitor}
    said = {"helpful": helpful, "language": guide.language} | ({} if words is None else {"words": words})
    feedback, _created = Feedback.objects.update_or_create(slug=guide.slug, **who, defaults=said)
    return feedback
