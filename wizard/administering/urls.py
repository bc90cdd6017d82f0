"""Addresses of the pages about organizations and sandboxes."""

from django.urls import path

from wizard.administering import connection_views, organization_views, sandbox_views, views

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/new/", organization_views.add_organization, name="add_organization"),
    path("organizations/<uuid:uuid>/", organization_views.organization, name="organization"),
    path("organizations/<uuid:uuid>/check/", views.check, name="check_organization"),
    path("organizations/<uuid:uuid>/switch/", organization_views.switch_organization, name="switch_organization"),
    path("organizations/<uuid:uuid>/sandboxes/<int:pk>/", sandbox_views.sandbox, name="sandbox"),
    path("connections/<uuid:uuid>/owner/", connection_views.looked_after, name="looked_after"),
]
