"""Removes a saved view. The pages themselves save them."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from wizard.pages import Request
from wizard.tables.models import SavedView


@require_POST
def remove_view(request: Request, uuid: uuids.UUID) -> HttpResponse:
    """One's own; for others it is not there."""
    found = get_object_or_404(SavedView, uuid=uuid, person=request.user)
    found.delete()
    messages.info(request, f"The view “{found.name}” is removed.")
    return redirect(found.page)
