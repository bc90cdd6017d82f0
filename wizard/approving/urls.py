"""Addresses of the decisions about what waits for approval."""

from django.urls import path

from wizard.approving import views

urlpatterns = [
    path("connections/<uuid:uuid>/approve/", views.approve, name="approve"),
    path("connections/<uuid:uuid>/reject/", views.reject, name="reject"),
    path("connections/<uuid:uuid>/withdraw/", views.withdraw, name="withdraw"),
]
