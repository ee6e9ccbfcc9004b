from django.db import migrations

from organizations.wall import expiring, shared, wall


class Migration(migrations.Migration):
    dependencies = [("products", "0004_people"), ("organizations", "0005_people_walls")]

    operations = [
        expiring("products_productusergrant"),
        expiring("products_productgroupgrant"),
        wall("products_accessrequest"),
        wall("products_transfer"),
        shared("products_transfer", column="target_id"),
        wall("products_transferitem"),
        shared("products_transferitem", column="target_id"),
        wall("products_apitoken"),
        wall("products_apitokenproduct"),
    ]
