"""Every address of the wizard."""

from django.urls import include, path

from wizard import health
from wizard.admin.rows import site

urlpatterns = [
    path("", include("wizard.history.urls")),
    path("", include("wizard.activity.urls")),
    path("", include("wizard.tables.urls")),
    path("", include("wizard.handing_over.urls")),
    path("", include("wizard.changing.urls")),
    path("", include("wizard.approving.urls")),
    path("", include("wizard.connecting.urls")),
    path("", include("wizard.exploring.urls")),
    path("", include("wizard.administering.urls")),
    path("", include("wizard.sources.urls")),
    path("", include("wizard.people.urls")),
    path("", include("wizard.access.urls")),
    path("", include("wizard.keys.urls")),
    path("", include("wizard.retention.urls")),
    path("admin/", site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]

handler400 = "wizard.pages.bad_request"
handler500 = "wizard.pages.server_error"
