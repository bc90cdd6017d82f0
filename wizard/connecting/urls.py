"""Addresses of the chooser, and of each source's form."""

from django.urls import path
from django.views.decorators.cache import cache_control

from wizard.connecting import choosing, views

urlpatterns = [
    path("connect/", choosing.choose, name="choose"),
    # May stay in the browser's own history: Back must not lose what was typed.
    path("connect/<slug:source>/", cache_control(private=True, no_cache=True)(views.connect), name="connect"),
]
