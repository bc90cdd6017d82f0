"""Every address of the wizard."""

from django.urls import include, path

from wizard.admin.rows import site
from wizard.monitoring import views as monitoring

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
    path("health/live", monitoring.live, name="health_live"),
    path("health/ready", monitoring.ready, name="health_ready"),
    path("metrics", monitoring.metrics, name="metrics"),
]

handler400 = "wizard.pages.bad_request"
handler500 = "wizard.pages.server_error"
