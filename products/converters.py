"""`<kind:kind>` in an address: a registered kind, or the address does not exist."""

from django.urls import register_converter

from products import kinds


class KindConverter:
    regex = "[a-z][a-z0-9-]*"

    def to_python(self, value: str) -> kinds.Kind:
        try:
            return kinds.get(value)
        except KeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: kinds.Kind | str) -> str:
        return value if isinstance(value, str) else value.slug


register_converter(KindConverter, "kind")
