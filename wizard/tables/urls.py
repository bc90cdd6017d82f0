"""Addresses of saved views."""

from django.urls import path

from wizard.tables import views

urlpatterns = [path("views/<uuid:uuid>/remove/", views.remove_view, name="remove_view")]
