"""Addresses of the organizations' pages."""

from django.urls import path

from wizard.organizations import views

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/<uuid:uuid>/check/", views.check, name="check_organization"),
]
