"""The second wall: PostgreSQL shows and takes only rows of the organizations named here.

The first wall is the gate (`organizations.access`). Should a query ever forget it, row-level security answers with
nothing: without a scope no tenant's row is visible. The scope is a setting of the database session; the middleware
takes it away at the end of every request, and a new connection starts without one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

WORKER_ROLE = "portal_worker"
# Where the wrapper of the database connection keeps what was set on it.
MARK = "portal_scope"
# That this code already runs in the worker's role.
WORKING = "portal_works_for_all"


@dataclass(frozen=True)
class Scope:
    """Whose rows the database shows: of these organizations, and a user's own memberships."""

    user: int | None = None
    organizations: frozenset[int] = frozenset()


NOTHING = Scope()
# After a broken transaction: what the database session holds is not known, so it must be set anew.
UNKNOWN = Scope(user=-1)


def current() -> Scope:
    """What the database shows now; UNKNOWN where the transaction that set it may have been rolled back since."""
    session, hook, scope = getattr(connection, MARK, (None, None, NOTHING))
    # The wrapper outlives its database session, and a new session starts without a scope.
    if session is None or session is not connection.connection:
        return NOTHING
    # A rollback, also one to a savepoint, takes back the setting and the hook alike.
    stands = hook is None or any(entry[1] is hook for entry in connection.run_on_commit)
    return scope if stands else UNKNOWN


def known() -> Scope:
    """What the database shows now, or nothing where that is not known."""
    scope = current()
    return NOTHING if scope == UNKNOWN else scope


def _apply(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.user', %s, false), set_config('app.organizations', %s, false)",
            ["" if scope.user is None else str(scope.user), ",".join(map(str, sorted(scope.organizations)))],
        )
    mark(scope)


def mark(scope: Scope) -> None:
    """Note what the database session holds: for good, or in a transaction for as long as that may still commit."""
    hook = None
    if connection.in_atomic_block:
        hook = partial(_committed, scope)
        transaction.on_commit(hook)
    setattr(connection, MARK, (connection.connection, hook, scope))


def _committed(scope: Scope) -> None:
    if not connection.in_atomic_block and getattr(connection, MARK)[2] == scope:
        setattr(connection, MARK, (connection.connection, None, scope))


def enter(*, user: int | None, organizations: frozenset[int] = frozenset()) -> None:
    """From now on, until `leave`, the database shows exactly these."""
    scope = Scope(user, organizations)
    if scope != current():
        _apply(scope)


def widen(organization: int) -> None:
    """Also show this organization: for the one who has just created it."""
    scope = known()
    enter(user=scope.user, organizations=scope.organizations | {organization})


def leave() -> None:
    """The database shows no tenant's row."""
    if current() == NOTHING:
        return
    try:
        _apply(NOTHING)
    except Exception:
        # A session that cannot be cleaned must not be used by the next request.
        connection.close()
        raise


@contextmanager
def scope(*organizations: int) -> Iterator[None]:
    """Within the block the database shows these organizations: for workers and commands."""
    before = known()
    enter(user=None, organizations=frozenset(organizations))
    try:
        yield
    finally:
        # In a broken transaction nothing can be set; its rollback undoes what was set inside it.
        if connection.in_atomic_block and connection.needs_rollback:
            mark(UNKNOWN)
        else:
            enter(user=before.user, organizations=before.organizations)


@contextmanager
def every_organization() -> Iterator[None]:
    """One transaction in the worker's role, which sees every tenant.

    For the few jobs that cross organizations by nature: claiming and sweeping jobs, asking whether a name is taken,
    the staff's health page. Never for a customer's page.
    """
    if getattr(connection, WORKING, False):
        yield
        return
    setattr(connection, WORKING, True)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {WORKER_ROLE}")
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE NONE")
    finally:
        setattr(connection, WORKING, False)


class Middleware:
    """No scope outlives its request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        leave()
        try:
            return self.get_response(request)
        finally:
            leave()
