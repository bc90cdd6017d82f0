"""Addresses of the connections' pages."""

from django.urls import path
from django.views.decorators.cache import cache_control

from wizard.connections import choosing, connecting, views

urlpatterns = [
    path("", views.home, name="home"),
    path("connect/", choosing.choose, name="choose"),
    # May stay in the browser's own history: Back must not lose what was typed.
    path("connect/<slug:source>/", cache_control(private=True, no_cache=True)(connecting.connect), name="connect"),
    path("connections/", views.history, name="history"),
    path("connections/<uuid:uuid>/", views.connection, name="connection"),
    path("connections/<uuid:uuid>/test/", views.test_connection, name="test_connection"),
    path("connections/<uuid:uuid>/look-again/", views.look_again, name="look_again"),
]
