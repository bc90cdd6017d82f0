"""Addresses of the connections' pages."""

from django.urls import path

from wizard.connections import views

urlpatterns = [
    path("", views.home, name="home"),
    path("connect/", views.choose, name="choose"),
    path("connect/<slug:source>/", views.connect, name="connect"),
    path("connections/", views.history, name="history"),
    path("connections/<uuid:uuid>/", views.connection, name="connection"),
    path("connections/<uuid:uuid>/test/", views.test_connection, name="test_connection"),
    path("connections/<uuid:uuid>/look-again/", views.look_again, name="look_again"),
]
