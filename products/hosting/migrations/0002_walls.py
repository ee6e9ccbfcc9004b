from django.db import migrations

from organizations.wall import wall


class Migration(migrations.Migration):
    dependencies = [("hosting", "0001_initial"), ("organizations", "0002_walls")]

    operations = [wall("hosting_hosting")]
