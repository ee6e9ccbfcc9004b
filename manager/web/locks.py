from django.db import connection


def hold(key: str) -> None:
    """Until the transaction ends nobody else holds `key`: two equal submissions are handled one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
