"""Addresses of the chooser, of each source's form, and of its drafts."""

from django.urls import path
from django.views.decorators.cache import cache_control

from wizard.connecting import choosing, draft_views, views

urlpatterns = [
    path("connect/", choosing.choose, name="choose"),
    path("connect/drafts/<uuid:uuid>/check/", draft_views.check_draft, name="check_draft"),
    path("connect/drafts/<uuid:uuid>/discard/", draft_views.discard, name="discard_draft"),
    # May stay in the browser's own history: Back must not lose what was typed.
    path("connect/<slug:source>/", cache_control(private=True, no_cache=True)(views.connect), name="connect"),
]
