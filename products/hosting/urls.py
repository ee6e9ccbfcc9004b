from django.urls import path

from products.hosting import views

urlpatterns = [path("configure/", views.configure, name="configure")]
