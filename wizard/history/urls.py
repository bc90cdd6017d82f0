"""Addresses of the pages about connections."""

from django.urls import path

from wizard.history import lists, table, views

urlpatterns = [
    path("", views.home, name="home"),
    path("connections/", table.history, name="history"),
    path("connections/views/", table.save_view, name="save_history_view"),
    path("connections/export.csv", table.export, {"form": "csv"}, name="export_history_csv"),
    path("connections/export.json", table.export, {"form": "json"}, name="export_history_json"),
    path("connections/<uuid:uuid>/", views.connection, name="connection"),
    path("connections/<uuid:uuid>/test/", views.test_connection, name="test_connection"),
    path("connections/<uuid:uuid>/look-again/", views.look_again, name="look_again"),
    path("connections/<uuid:uuid>/choose/", views.choose_candidate, name="choose_candidate"),
    path("connections/<uuid:uuid>/requests/", lists.requests, name="requests_of_connection"),
    path("connections/<uuid:uuid>/uses/", lists.uses, name="uses_of_connection"),
]
