from django.db.migrations import RunSQL


def fill_organization(table: str) -> RunSQL:
    """Rows of `table` get the organization of their product from the database, whoever writes them."""
    return RunSQL(
        [
            """
            CREATE OR REPLACE FUNCTION organization_of_product() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                SELECT organization_id INTO NEW.organization_id FROM products_product WHERE id = NEW.product_id;
                RETURN NEW;
            END $$
            """,
            f"CREATE TRIGGER fill_organization BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION organization_of_product()",
        ],
        [f"DROP TRIGGER fill_organization ON {table}"],
    )
