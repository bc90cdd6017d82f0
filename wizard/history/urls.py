"""Addresses of the pages about connections."""

from django.urls import path

from wizard.history import views

urlpatterns = [
    path("", views.home, name="home"),
    path("connections/", views.history, name="history"),
    path("connections/<uuid:uuid>/", views.connection, name="connection"),
    path("connections/<uuid:uuid>/test/", views.test_connection, name="test_connection"),
    path("connections/<uuid:uuid>/look-again/", views.look_again, name="look_again"),
    path("connections/<uuid:uuid>/choose/", views.choose_candidate, name="choose_candidate"),
]
