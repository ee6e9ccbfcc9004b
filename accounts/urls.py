from django.urls import path

from accounts.views import language, notification, profile, security, session, trouble

urlpatterns = [
    path("language/", language.language, name="language"),
    path("notifications/", notification.notifications, name="notifications"),
    path("notifications/read/", notification.read_all, name="notifications_read"),
    path("notifications/<int:notification>/open/", notification.open_one, name="notification_open"),
    path("profile/", profile.profile, name="profile"),
    path("profile/preferences/", profile.preferences, name="preferences"),
    path("profile/tour/", profile.tour_done, name="tour_done"),
    path("profile/security/", security.security_log, name="security_log"),
    path("profile/sessions/<int:session>/end/", session.end, name="session_end"),
    path("trouble/", trouble.trouble, name="trouble"),
]
