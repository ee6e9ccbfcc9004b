from django.db import migrations

from organizations.wall import wall
from products.wall import fill_organization


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        fill_organization("products_productusergrant"),
        fill_organization("products_productgroupgrant"),
        wall("products_product"),
        wall("products_job"),
        wall("products_productusergrant"),
        wall("products_productgroupgrant"),
    ]
