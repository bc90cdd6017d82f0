"""Addresses of the live catalog: its reading, and what differs from our files."""

from django.urls import path

from wizard.sources import views

urlpatterns = [
    path("organizations/<uuid:uuid>/sync/", views.sync_specs, name="sync_specs"),
    path("organizations/<uuid:uuid>/specs/", views.spec_report, name="spec_report"),
]
