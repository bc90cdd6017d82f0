"""Addresses of the pages about keys."""

from django.urls import path

from wizard.keys import views

urlpatterns = [
    path("keys/", views.keys, name="keys"),
    path("keys/sheet/", views.sheet, name="recovery_sheet"),
]
