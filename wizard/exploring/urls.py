"""Addresses of the pages that look into a source."""

from django.urls import path

from wizard.exploring import views

urlpatterns = [
    path("connections/<uuid:uuid>/explore/", views.explore, name="explore"),
    path("connections/<uuid:uuid>/explore/choose/", views.choose_columns, name="choose_columns"),
]
