from django.utils.translation import gettext_lazy as _

from organizations.sentences import Sentence, Sentences, Text, changes
from products.email import spam

SENTENCES: Sentences = {
    "email.configure": Sentence(
        _("%(actor)s changed the settings of %(target)s"),
        icon="settings",
        note=changes({"spam_filter": _("Spam filter")}, spam_filter=dict(spam.Filter.choices)),
    ),
}
# In the filter of the log.
LABELS: dict[str, Text] = {"email.configure": _("Email settings changed")}
