from django.utils.translation import gettext_lazy as _

from organizations.sentences import Sentence, Sentences, Text, changes

SENTENCES: Sentences = {
    "domain.point": Sentence(
        _("%(actor)s changed the website address of %(target)s"),
        icon="map-pinned",
        note=changes({"ipv4": _("IPv4 address"), "ipv6": _("IPv6 address")}),
    ),
}
# In the filter of the log.
LABELS: dict[str, Text] = {"domain.point": _("Website address changed")}
