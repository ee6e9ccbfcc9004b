"""The last check before a provider: whatever a form let through, only names and keys of this shape leave the portal.

Imports no model.
"""

import re

from django.utils.translation import gettext as _

from products.drivers import Permanent, Spec

# At least two A-labels of letters, digits and inner hyphens; the last one is no number (RFC 1123, 5890).
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
NAME = re.compile(rf"(?=.{{3,253}}\Z)(?:{LABEL}\.)+(?!\d+\Z){LABEL}\Z")
KEY = re.compile(r"[0-9a-f]{32}\Z")


def check(spec: Spec) -> None:
    """Raises Permanent when the name or the key could mean anything else in a path, a file or a zone."""
    if not NAME.match(spec.name):
        raise Permanent(_("This is not a domain name."), detail=f"name {spec.name!r}")
    if not KEY.match(spec.key):
        raise Permanent(_("This product cannot be set up."), detail=f"key {spec.key!r}")
