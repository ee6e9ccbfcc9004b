from django.urls import path

from manager.help import views

urlpatterns = [
    path("help/", views.index, name="help"),
    path("help/go/<str:name>/", views.go, name="help_go"),
    path("help/<slug:slug>/", views.guide, name="guide"),
    path("help/<slug:slug>/feedback/", views.feedback, name="guide_feedback"),
    path("staff/help/", views.answers, name="staff_help"),
]
