from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_interface")]

    operations = [
        migrations.AddField("user", "tour_step", models.CharField(blank=True, max_length=60)),
    ]
