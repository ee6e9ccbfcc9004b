"""Migration operations that raise the second wall around a table."""

from typing import Any

from django.db.migrations import RunSQL

IN_SCOPE = "{column} = ANY (string_to_array(nullif(current_setting('app.organizations', true), ''), ',')::bigint[])"
OWN = "user_id = nullif(current_setting('app.user', true), '')::bigint"


def wall(table: str, *, column: str = "organization_id", own_rows: bool = False) -> RunSQL:
    """Rows of `table` are visible and writable only in the scope of their organization, or to the worker's role.

    With `own_rows`, a user in scope also sees (but may not write) the rows that carry their own `user_id`.
    """
    in_scope = IN_SCOPE.format(column=column)
    statements: list[Any] = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING ({in_scope}) WITH CHECK ({in_scope})",
        f"CREATE POLICY worker ON {table} TO portal_worker USING (true) WITH CHECK (true)",
    ]
    if own_rows:
        statements.append(f"CREATE POLICY own ON {table} FOR SELECT USING ({OWN})")
    reverse: list[Any] = [f"DROP POLICY IF EXISTS {policy} ON {table}" for policy in ("tenant", "worker", "own")]
    reverse += [
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]
    return RunSQL(statements, reverse)


def worker_role() -> RunSQL:
    """The role of the few jobs that cross organizations exists, and the portal's own role may take it on."""
    return RunSQL(
        [
            """
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_worker') THEN
                    CREATE ROLE portal_worker NOLOGIN;
                END IF;
                IF NOT pg_has_role(current_user, 'portal_worker', 'SET') THEN
                    GRANT portal_worker TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
                END IF;
                IF pg_has_role(current_user, 'portal_worker', 'USAGE') THEN
                    RAISE EXCEPTION 'role % inherits portal_worker: it would see every organization', current_user;
                END IF;
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the database role portal_worker is missing'
                    USING HINT = 'As an administrator: CREATE ROLE portal_worker NOLOGIN; '
                        || 'GRANT portal_worker TO ' || quote_ident(current_user)
                        || ' WITH INHERIT FALSE, SET TRUE;';
            END $$
            """,
            "GRANT USAGE ON SCHEMA public TO portal_worker",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_worker",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_worker",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_worker",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO portal_worker",
        ],
        RunSQL.noop,
    )


def shared(table: str, *, column: str) -> RunSQL:
    """Rows of `table` are also visible, but not writable, in the scope of the organization in `column`."""
    return RunSQL(
        [f"CREATE POLICY shared ON {table} FOR SELECT USING ({IN_SCOPE.format(column=column)})"],
        [f"DROP POLICY IF EXISTS shared ON {table}"],
    )


def expiring(table: str) -> RunSQL:
    """Rows of `table` whose `expires_at` has passed are visible to the worker's role only.

    So the end of a grant reaches whoever asks, the engine and guardian's own queries alike, at that moment.
    """
    return RunSQL(
        [
            f"CREATE POLICY unexpired ON {table} AS RESTRICTIVE USING"
            " (expires_at IS NULL OR expires_at > statement_timestamp() OR current_user = 'portal_worker')"
            " WITH CHECK (true)"
        ],
        [f"DROP POLICY IF EXISTS unexpired ON {table}"],
    )
