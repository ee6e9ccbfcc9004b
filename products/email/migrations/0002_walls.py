from django.db import migrations

from organizations.wall import wall


class Migration(migrations.Migration):
    dependencies = [("email", "0001_initial"), ("organizations", "0002_walls")]

    operations = [wall("email_emailservice")]
