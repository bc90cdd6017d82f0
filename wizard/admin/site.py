"""The site and what all of its pages keep to: nothing is changed, and no secret is named."""

from functools import wraps
from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import admin
from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.utils import unquote
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from wizard.people.models import User
from wizard.secret_names import looks_secret

# Looking needs no script at all. Its stylesheets stand in templates of Django's, which know no nonce.
POLICY = {"script-src": [NONE], "style-src": [SELF], "connect-src": [NONE], "trusted-types": [NONE]}


if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[models.Model]
else:
    _ModelAdmin = admin.ModelAdmin


class ReadOnlySite(admin.AdminSite):
    site_title = site_header = "Connection Wizard: rows"
    index_title = "Rows, to look at"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_admin

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: ARG002
        """Every page passes here. Who is not signed in was sent to our own sign-in before."""

        @wraps(view)
        def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD") or not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(csp_replace(POLICY)(look))

    def get_urls(self) -> list[URLPattern]:  # type: ignore[override]
        """An index, lists, and rows. Nothing that adds, changes, deletes, signs in, or completes what is typed."""
        pages = [path("", self.admin_view(self.index), name="index")]
        for model_admin in self._registry.values():
            pages += model_admin.get_urls()
        return [*pages, path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list")]


class LookingChecks(ModelAdminChecks):
    def check(self, admin_obj: Any, **kwargs: Any) -> list[CheckMessage]:
        """Also that nothing secret is shown, searched, sorted or filtered by."""
        return [*super().check(admin_obj, **kwargs), *_secrets_named_by(admin_obj)]


class Looking(_ModelAdmin):
    """`fields` are all that is shown of a row: a column that is added later is not, unless it is named there."""

    checks_class = LookingChecks
    actions = None
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False
    # What may be missing, and so is not read along by itself.
    read_along: tuple[str, ...] = ()

    def get_list_select_related(self, _request: HttpRequest) -> bool | tuple[str, ...]:
        return self.read_along or True

    @property
    def media(self) -> Media:
        return Media()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        rows, row = self.admin_site.admin_view(self.changelist_view), self.admin_site.admin_view(self.change_view)
        place = f"{self.opts.app_label}/{self.opts.model_name}/"
        return [
            path(place, rows, name=f"{name}_changelist"),
            path(f"{place}<str:object_id>/", row, name=f"{name}_change"),
        ]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404("No such row")
        return super().change_view(request, object_id, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:  # noqa: ARG002
        """By the filters of the list alone: `?password__startswith=` would spell out what is not shown."""
        return lookup.removesuffix("__exact") in self.list_filter

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> Any:
        return self.fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


def _secrets_named_by(looking: Looking) -> list[CheckMessage]:
    named = {*(looking.fields or ()), *looking.list_display, *looking.search_fields, *looking.list_filter}
    named |= set(looking.ordering or ())
    if not looking.fields:
        return [Error("It has to say which fields it shows.", obj=looking.__class__, id="wizard.E101")]
    return [
        Error(f"{name} is a secret, or may hold one.", obj=looking.__class__, id="wizard.E102")
        for name in sorted(map(str, named))
        if _is_secret(looking.model, name.lstrip("-"))
    ]


def _is_secret(model: type[models.Model], name: str) -> bool:
    for step in name.split("__"):
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            return False
        if isinstance(field, models.BinaryField) or step in ("digest", "mac", "link", "data") or looks_secret(step):
            return True
        if field.is_relation and isinstance(field.related_model, type):
            model = field.related_model
    return False
