from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Similarity of names, for the search. Without an index: row-level security keeps PostgreSQL from using one."""

    dependencies = [("products", "0006_endings")]

    operations = [TrigramExtension()]
