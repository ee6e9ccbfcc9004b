from django.urls import path

from accounts.views import profile, security, session, trouble

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/preferences/", profile.preferences, name="preferences"),
    path("profile/tour/", profile.tour_done, name="tour_done"),
    path("profile/security/", security.security_log, name="security_log"),
    path("profile/sessions/<int:session>/end/", session.end, name="session_end"),
    path("trouble/", trouble.trouble, name="trouble"),
]
