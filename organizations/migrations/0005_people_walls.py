from django.db import migrations
from django.db.migrations import RunSQL

from organizations.wall import expiring, wall


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_people")]

    operations = [
        wall("organizations_team"),
        wall("organizations_invitation"),
        wall("organizations_logo"),
        expiring("organizations_organizationusergrant"),
        expiring("organizations_organizationgroupgrant"),
        # Whoever founded an organization hears of it.
        RunSQL(
            [
                "SET LOCAL ROLE portal_worker",
                "UPDATE organizations_membership SET wants_billing_mail = true, wants_product_mail = true"
                " WHERE role = 'legal_representative'",
                "SET LOCAL ROLE NONE",
            ],
            RunSQL.noop,
        ),
    ]
