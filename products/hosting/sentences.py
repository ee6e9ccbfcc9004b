from django.utils.translation import gettext_lazy as _

from organizations.sentences import Sentence, Sentences, Text, changes

SENTENCES: Sentences = {
    "hosting.configure": Sentence(
        _("%(actor)s changed the settings of %(target)s"),
        icon="settings",
        note=changes({"php_version": _("PHP version")}),
    ),
}
# In the filter of the log.
LABELS: dict[str, Text] = {"hosting.configure": _("Hosting settings changed")}
