"""What no linter checks: where views get objects from, what is never called, how long files are."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
APPS = ("manager", "accounts", "organizations", "products", "billing")
SOURCES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
VIEWS = [path for path in SOURCES if path.name == "views.py" or path.parent.name == "views"]
# All that is read for people: everything but the writing side (actions, jobs, tasks), models, and developers' tools.
WRITING = {"actions", "models", "management", "dev"}
READING = [
    path for path in SOURCES if not WRITING & set(path.parts) and path.name not in ("actions.py", "jobs.py", "tasks.py")
]
# What begins in another way than with its organization, and why that is right. A new one must say so here.
LOOSE = {
    "billing/waiting.py": {"Payment"},  # a subquery of orders that are asked for in their organization
    "manager/shell/health.py": {"Job"},  # the staff's own page, in the worker's role
    "organizations/contacts.py": {"Membership"},  # the active ones, then of the organization
    "organizations/events.py": {"Event"},  # the log's only writer
    "organizations/gate.py": {"Membership"},  # a person's own
    "organizations/invitations.py": {"Invitation"},  # by the key in a signed link, in the scope that it names
    "organizations/limits.py": {"Event"},  # how much a person did lately, over all organizations, as a number
    "products/backends.py": {"Product"},  # of an access that it compiles itself
    "products/effective.py": {"ProductGroupGrant", "ProductUserGrant"},  # a subject's own, in scope
    "products/elsewhere.py": {"Product"},  # what the person sees in organizations that are open to them
    "products/names.py": {"Product"},  # whether a name is taken by anybody, in the worker's role
    "products/obstacles.py": {"Transfer"},  # of either side
    "products/summary.py": {"ProductGroupGrant", "ProductUserGrant"},  # a person's own, in scope
    "products/transfer_preview.py": {"Membership"},  # the active ones, then of the organization
    "products/transfers.py": {"Transfer"},  # by the key in a signed link, in the scope that it names
}
TENANTS = {
    model.__name__
    for model in apps.get_models()
    if any(field.column == "organization_id" for field in model._meta.concrete_fields)
}
# How a view may begin to ask for rows of a tenant.
SCOPES = {"organization", "content_object", "product__in", "product", "product__order_line__order"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def asked(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every first call on a tenant's manager: `Model.objects.method(...)`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        manager = node.func.value
        if not (isinstance(manager, ast.Attribute) and manager.attr == "objects"):
            continue
        if isinstance(manager.value, ast.Name) and manager.value.id in TENANTS:
            yield manager.value.id, node


def is_scoped(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr in ("visible_to", "credit", "none"):
        return True
    return call.func.attr == "filter" and any(keyword.arg in SCOPES for keyword in call.keywords)


def test_there_is_something_to_look_at() -> None:
    assert len(VIEWS) >= 12
    assert {"Product", "Membership", "Order", "Event", "Job"} <= TENANTS


@pytest.mark.parametrize("path", READING, ids=name)
def test_whatever_people_read_is_asked_for_through_the_gate(path: Path) -> None:
    """Views, and all that they call: lists, forms with their choices, filters, counters, exports."""
    loose = {model for model, call in asked(ast.parse(path.read_text())) if not is_scoped(call)}
    assert loose == LOOSE.get(name(path), set())
    assert "get_object_or_404" not in path.read_text()


def test_no_view_is_an_exception() -> None:
    assert set(VIEWS) <= set(READING)
    assert not {name(path) for path in VIEWS} & LOOSE.keys()
    assert {name(path) for path in READING} >= LOOSE.keys()


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_views_do_not_save(path: Path) -> None:
    writes = {"save", "create", "update", "delete", "bulk_create", "get_or_create", "update_or_create"}
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    found = [
        node.lineno
        for node in calls
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in writes
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("actions", "context"))
    ]
    assert not found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_dangerous_is_called(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "os.system", "os.popen", "mark_safe"), node.lineno
            assert not called.endswith((".raw", ".extra")), node.lineno
            assert not any(keyword.arg == "shell" for keyword in node.keywords), node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_every_setting_is_in_the_readme() -> None:
    settings = (ROOT / "manager" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    listed = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert len(read) > 20
    assert read <= listed


def test_nothing_names_an_address_of_a_registry_or_a_machine() -> None:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    kinds = (".lock", ".toml", ".yml", ".py", ".md", "Dockerfile", "portal", "run")
    texts = [ROOT / file for file in listing.stdout.split() if file.endswith(kinds)]
    assert texts
    machine = re.compile(r"/root/|/home/\w+/|pythonhosted|registry\.npmjs|/simple/")
    assert [str(file) for file in texts if file.name != Path(__file__).name and machine.search(file.read_text())] == []
