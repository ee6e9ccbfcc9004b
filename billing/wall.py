from django.db.migrations import RunSQL


def balanced(table: str) -> RunSQL:
    """When a transaction ends, the entries of every movement it wrote add up to zero in each currency, or it fails."""
    return RunSQL(
        [
            f"""
            CREATE FUNCTION movement_balances() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT FROM {table} WHERE movement_id = NEW.movement_id GROUP BY currency HAVING sum(amount) <> 0
                ) THEN
                    RAISE EXCEPTION 'movement % does not balance', NEW.movement_id USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$
            """,
            f"CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION movement_balances()",
        ],
        [f"DROP TRIGGER balanced ON {table}", "DROP FUNCTION movement_balances()"],
    )
