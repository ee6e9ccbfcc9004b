from django.db import migrations

from manager.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people")]

    operations = [append_only("accounts_securityevent")]
