"""Addresses of what follows a connection."""

from django.urls import path

from wizard.handing_over import resource_views, views

STEPS, MADE = "connections/<uuid:uuid>/next-steps/", "connections/<uuid:uuid>/made/<uuid:resource_uuid>/"

urlpatterns = [
    path(STEPS, views.next_steps, name="next_steps"),
    path(f"{STEPS}dataflow.sh", views.download, {"language": "curl"}, name="next_steps_curl"),
    path(f"{STEPS}dataflow.py", views.download, {"language": "python"}, name="next_steps_python"),
    path(f"{STEPS}collection.json", views.download, {"language": "postman"}, name="next_steps_postman"),
    path(MADE, resource_views.resource, name="resource"),
    path(f"{MADE}try-again/", resource_views.try_again, name="try_resource_again"),
    path(f"{MADE}look-again/", resource_views.look_again, name="look_for_resource"),
    path(f"{MADE}choose/", resource_views.choose, name="choose_resource"),
]
