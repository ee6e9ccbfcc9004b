from django.urls import path

from accounts.views import profile

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/preferences/", profile.preferences, name="preferences"),
    path("profile/tour/", profile.tour_done, name="tour_done"),
]
