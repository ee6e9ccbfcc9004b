from django.urls import path

from manager.shell import activity, offline, search, views
from organizations.views.organization import deep_link
from products import kinds

urlpatterns = [
    path("", views.landing, name="landing"),
    path("terms/", views.terms, name="terms"),
    path("worker.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("live/", views.live, name="live"),
    path("staff/health/", views.health_page, name="health"),
    path("o/<slug:organization>/", views.home, name="home"),
    path("search/", search.search_everywhere, name="search_everywhere"),
    path("o/<slug:organization>/search/", search.search, name="search"),
    path("o/<slug:organization>/activity/", activity.activity, name="activity"),
    path("o/<slug:organization>/activity/export/", activity.activity_export, name="activity_export"),
    *(
        path(f"{kind.slug}/", deep_link, {"path": f"{kind.slug}/"}, name=f"deep_link_{kind.slug}")
        for kind in kinds.every()
    ),
]
