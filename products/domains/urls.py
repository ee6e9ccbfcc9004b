from django.urls import path

from products.domains import views

urlpatterns = [path("point/", views.point, name="point")]
