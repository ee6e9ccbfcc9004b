"""System checks: every view of ours declares who may call it, every kind is complete, the second wall stands."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.urls import URLResolver, get_resolver
from django.utils.module_loading import import_string

from products import kinds

OURS = ("manager.", "accounts.", "organizations.", "products.", "billing.")


def views(patterns: Sequence[Any] | None = None, namespace: str = "") -> Iterator[tuple[str, Any]]:
    """The name of every address, with its namespace, and its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
        else:
            yield f"{namespace}{pattern.name}", pattern.callback


@register(Tags.security)
def every_view_declares_its_access(**kwargs: Any) -> list[CheckMessage]:
    ours = {f"{kind.module}." for kind in kinds.every()} | set(OURS)
    return [
        Error(
            f"The view {view.__module__}.{view.__name__} does not declare who may call it.",
            hint="Use public, signed_in, staff, in_organization(right), on_product(permission)"
            " or with_token(permission).",
            id="manager.E001",
        )
        for _name, view in views()
        if view.__module__.startswith(tuple(ours)) and not hasattr(view, "declared_access")
    ]


@register
def every_kind_is_complete(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    needed = ("forms.OrderForm", "actions.create", "actions.spec", "views.panel", "driver.choose", "urls.urlpatterns")
    for kind in kinds.every():
        for name in needed:
            try:
                import_string(f"{kind.module}.{name}")
            except ImportError as error:
                messages.append(Error(f"The kind {kind.slug} lacks {name}: {error}", id="manager.E002"))
    return messages


@register(Tags.database)
def the_second_wall_stands(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            name, passes = cursor.fetchone()
        if passes:
            messages.append(
                Error(
                    f"The database role {name} passes through row-level security.",
                    hint="Connect as a role that is neither a superuser nor has BYPASSRLS.",
                    id="manager.E003",
                )
            )
    return messages
