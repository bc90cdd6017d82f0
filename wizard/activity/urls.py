"""Addresses of the record."""

from django.urls import path

from wizard.activity import views

urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/views/", views.save_view, name="save_activity_view"),
    path("activity/export.csv", views.export, {"form": "csv"}, name="export_activity_csv"),
    path("activity/export.json", views.export, {"form": "json"}, name="export_activity_json"),
]
