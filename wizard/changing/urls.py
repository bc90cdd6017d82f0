"""Addresses of the pages that change a connection."""

from django.urls import path
from django.views.decorators.cache import cache_control

from wizard.changing import views

# Back has to bring back what was typed.
kept = cache_control(private=True, no_cache=True)

urlpatterns = [
    path("connections/<uuid:uuid>/edit/", kept(views.edit), name="edit_connection"),
    path("connections/<uuid:uuid>/switch/", views.switch, name="switch_connection"),
    path("connections/<uuid:uuid>/delete/", views.delete, name="delete_connection"),
    path("connections/<uuid:uuid>/changes/<uuid:change_uuid>/", views.change, name="change"),
    path("connections/<uuid:uuid>/changes/<uuid:change_uuid>/discard/", views.discard, name="discard_change"),
]
