from django.db import migrations

from billing.wall import balanced
from manager.web.append_only import append_only
from organizations.wall import wall


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_initial"), ("products", "0002_walls")]

    operations = [
        *(wall(f"billing_{model}") for model in ("order", "orderline", "invoice", "payment", "movement", "entry")),
        *(append_only(f"billing_{model}") for model in ("invoice", "movement", "entry")),
        balanced("billing_entry"),
    ]
