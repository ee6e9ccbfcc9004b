from django.urls import path

from products.email import views

urlpatterns = [path("configure/", views.configure, name="configure")]
