"""The rows that guardian's grants point to, made from the kinds."""

from functools import cache

from django.contrib.auth.models import Permission as Row
from django.contrib.contenttypes.models import ContentType

from organizations.models import Organization
from products import kinds
from products.models import Product


def wanted() -> dict[type, dict[str, str]]:
    """By model, codename and sentence: rights on one product, and "<kind>.<permission>" on all of an organization's."""
    on_product: dict[str, str] = {}
    on_organization: dict[str, str] = {}
    for kind in kinds.every():
        for codename, sentence in kind.all_permissions.items():
            on_product[codename] = str(sentence)[:255]
            on_organization[f"{kind.slug}.{codename}"] = str(sentence)[:255]
    return {Product: on_product, Organization: on_organization}


def create_rows(using: str) -> None:
    """Every permission that a kind names has its row."""
    for model, names in wanted().items():
        content_type = ContentType.objects.db_manager(using).get_for_model(model)
        rows = [Row(content_type=content_type, codename=codename, name=name) for codename, name in names.items()]
        Row.objects.using(using).bulk_create(rows, ignore_conflicts=True)
    ids.cache_clear()


@cache
def ids(model: type) -> dict[str, int]:
    """Permission ids by codename: they never change while the portal runs."""
    content_type = ContentType.objects.get_for_model(model)
    return dict(Row.objects.filter(content_type=content_type).values_list("codename", "pk"))
