"""A migration operation for tables that only grow."""

from django.db.migrations import RunSQL


def append_only(table: str) -> RunSQL:
    """The database refuses UPDATE and DELETE on `table`."""
    return RunSQL(
        [
            """
            CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$
            """,
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ],
        [f"DROP TRIGGER append_only ON {table}"],
    )
