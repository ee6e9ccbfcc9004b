from django.db import migrations

from manager.web.append_only import append_only
from organizations.wall import wall, worker_role


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        worker_role(),
        wall("organizations_membership", own_rows=True),
        wall("organizations_event"),
        wall("organizations_organizationusergrant"),
        wall("organizations_organizationgroupgrant"),
        append_only("organizations_event"),
    ]
