"""Addresses of the planner pages."""

from django.urls import path

from equipoise.apps.planner import views

app_name = "planner"

urlpatterns = [
    path("propose", views.propose, name="propose"),
    path("accept", views.accept_all, name="accept-all"),
    path("blocks/<int:block_id>/accept", views.accept, name="accept"),
    path("blocks/<int:block_id>/shift", views.shift, name="shift"),
    path("blocks/<int:block_id>/refuse", views.refuse, name="refuse"),
    path("decisions/<int:decision_id>/undo", views.undo, name="undo"),
    path("write", views.write, name="write"),
    path("week.ics", views.download, name="download"),
    path("feed/<str:token>.ics", views.feed, name="feed"),
    path("feed/make", views.make_feed, name="make-feed"),
    path("feed/", views.feed_address, name="feed-address"),
    path("feed/end", views.end_feed, name="end-feed"),
    path("settings/", views.settings, name="settings"),
    path("settings/kind/", views.kind, name="kind"),
    path("settings/kind/drop", views.drop_kind, name="drop-kind"),
    path("settings/people", views.watch, name="watch"),
    path("settings/people/<int:one_to_one_id>/drop", views.unwatch, name="unwatch"),
    path("review/", views.review, name="review"),
]
